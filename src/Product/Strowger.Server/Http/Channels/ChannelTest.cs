using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Channels;
using Strowger.Features.Messaging.Sending;
using Strowger.Features.Messaging.Statuses;
using Strowger.Records.Messages;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.Http.Channels;

/// <summary>One step of a test and what came of it, in words.</summary>
public sealed record TestStep(string Name, bool Ok, string Detail);

/// <summary>All steps; the text's, when one was sent, comes last.</summary>
/// <param name="Refused">Set when the text was not even taken.</param>
public sealed record TestResult(List<TestStep> Steps, MessageView? Message, Problem? Refused)
{
    public TestStep? Failed => Steps.Find(step => !step.Ok);

    public string Detail => Failed is { } failed ? $"The channel does not work: {failed.Name} {failed.Detail}." : "The channel works.";
}

/// <summary>
/// <c>POST /v1/channels/{name}/test</c>: waits for the binds; with <c>to</c>, sends a real text over this channel before all others
/// and waits for the carrier's answer. A text that did not leave in time is cancelled: it must not arrive when nobody waits for it.
/// </summary>
internal sealed class ChannelTest(HttpServices services)
{
    private const string DefaultText = "Strowger: this channel works.";
    private const string DefaultFrom = "Strowger";
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(50);

    public async Task RunAsync(HttpContext context, Channel channel)
    {
        var body = await RequestObject.ReadAsync(context, "to", "text", "from").ConfigureAwait(false);
        var to = body.Text("to", 32);
        var text = body.Text("text", MessageLimits.MaxTextChars);
        var from = body.Text("from", 32);
        if (to is null && (body.Has("text") || body.Has("from")))
        {
            body.Fail("missing_field", "to", "it is missing; allowed is an E.164 number such as +46701234567");
        }

        if (body.Problem is { } problem)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, services.Stopping);
        var result = await TryAsync(channel, to, from, text, ended.Token).ConfigureAwait(false);
        await (result.Refused is { } refused ? ProblemAnswer.WriteAsync(context, refused) : AnswerAsync(context, result)).ConfigureAwait(false);
    }

    /// <summary>Runs the test.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="to">E.164; null tests the binds only.</param>
    /// <param name="from">Null is our name.</param>
    /// <param name="text">Null is a sentence that says what it is.</param>
    /// <param name="ended">When nobody waits for the answer any more.</param>
    public async Task<TestResult> TryAsync(Channel channel, string? to, string? from, string? text, CancellationToken ended)
    {
        var started = services.Time.GetTimestamp();
        var steps = await BindsAsync(channel, started, ended).ConfigureAwait(false);
        if (to is null)
        {
            return new TestResult(steps, null, null);
        }

        var sent = await SendAsync(channel, to, from ?? DefaultFrom, text ?? DefaultText).ConfigureAwait(false);
        if (sent.Error is { } error)
        {
            return new TestResult(steps, null, Problem.Of(error, sent.RetryAfter));
        }

        var message = await FollowAsync(sent.Id, started, ended).ConfigureAwait(false);
        steps.Add(StepOf(message, channel, services.Time.GetElapsedTime(started)));
        return new TestResult(steps, message, null);
    }

    /// <summary>Waits until every bind is bound, refused, or time is up.</summary>
    private async Task<List<TestStep>> BindsAsync(Channel channel, long started, CancellationToken ended)
    {
        while (channel.Binds.Any(bind => bind.State is "connecting" or "binding" || (bind.State == "stopped" && bind.Reason is null))
            && services.Time.GetElapsedTime(started) < HttpLimits.ChannelTest)
        {
            await Task.Delay(_look, services.Time, ended).ConfigureAwait(false);
        }

        var steps = channel.Binds.Select(bind => bind.State == "bound"
            ? new TestStep($"bind {bind.Number}", true, string.Create(CultureInfo.InvariantCulture, $"bound, window {bind.Window}{(bind.Tls is null ? "" : ", " + bind.Tls)}"))
            : new TestStep($"bind {bind.Number}", false, $"{bind.State}: {bind.Reason ?? "no answer yet"}")).ToList();
        if (channel.Stage.IsPaused)
        {
            steps.Add(new TestStep("channel", false, "it is paused: nothing is sent until it is resumed"));
        }
        else if (steps.Count == 0)
        {
            steps.Add(new TestStep("channel", true, "it takes everything and sends nothing (kind discard)"));
        }

        return steps;
    }

    private async Task<SendResult> SendAsync(Channel channel, string to, string from, string text)
    {
        var request = new JsonObject { ["to"] = to, ["from"] = from, ["text"] = text, ["channel"] = channel.Name, ["priority"] = "urgent" };
        return await services.Messaging.SendAsync(Encoding.UTF8.GetBytes(request.ToJsonString()), default, dryRun: false, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task<MessageView> FollowAsync(MessageId id, long started, CancellationToken ended)
    {
        var message = services.Messaging.Find(id)!;
        while (IsOnItsWay(message.Status) && services.Time.GetElapsedTime(started) < HttpLimits.ChannelTest && !ended.IsCancellationRequested)
        {
            await Task.Delay(_look, services.Time, CancellationToken.None).ConfigureAwait(false);
            message = services.Messaging.Find(id)!;
        }

        return IsOnItsWay(message.Status) ? await services.Messaging.CancelAsync(id, CancellationToken.None).ConfigureAwait(false) ?? message : message;
    }

    private static bool IsOnItsWay(MessageStatus status) => status is MessageStatus.Scheduled or MessageStatus.Queued or MessageStatus.Sending;

    private static TestStep StepOf(MessageView message, Channel channel, TimeSpan took)
    {
        var (state, reason) = channel.State;
        var ms = ((long)took.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        return message.Status switch
        {
            MessageStatus.Sent or MessageStatus.Delivered => new TestStep("text", true, $"the carrier took it after {ms} ms{CarrierId(message)}"),
            MessageStatus.Cancelled => new TestStep("text", false, $"it did not leave within {HttpLimits.ChannelTest.TotalSeconds} s (the channel is {state}{(reason is null ? "" : $": {reason}")}) and was cancelled"),
            MessageStatus.Sending => new TestStep("text", false, $"it is on the wire and the carrier has not answered within {HttpLimits.ChannelTest.TotalSeconds} s"),
            _ => new TestStep("text", false, $"it is {message.Status.ToText()}{(message.Error is null ? "" : ": " + message.Error.Detail)}"),
        };
    }

    private static string CarrierId(MessageView message) =>
        message.Timeline.LastOrDefault(item => item.CarrierId is { Length: > 0 }) is { } item ? $" and calls it {item.CarrierId}" : "";

    private static Task AnswerAsync(HttpContext context, TestResult result)
    {
        var (steps, message) = (result.Steps, result.Message);
        var (failed, detail) = (result.Failed, result.Detail);
        return JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, (steps, message, failed, detail), static (writer, test) =>
        {
            writer.WriteStartObject();
            writer.WriteBoolean("ok"u8, test.failed is null);
            writer.WriteString("detail"u8, test.detail);
            writer.WriteStartArray("steps"u8);
            foreach (var step in test.steps)
            {
                writer.WriteStartObject();
                writer.WriteString("name"u8, step.Name);
                writer.WriteBoolean("ok"u8, step.Ok);
                writer.WriteString("detail"u8, step.Detail);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            if (test.message is { } message)
            {
                writer.WriteString("id"u8, message.Id.ToString());
                writer.WriteString("status"u8, message.Status.ToText());
            }

            writer.WriteEndObject();
        });
    }
}
