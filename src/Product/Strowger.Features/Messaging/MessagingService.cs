using System.Collections.Concurrent;
using Strowger.Engine;
using Strowger.Features.Messaging.Channels;
using Strowger.Features.Messaging.Sending;
using Strowger.Features.Messaging.Statuses;

namespace Strowger.Features.Messaging;

/// <summary>Texts in, out, followed and cancelled: what doors (HTTP, files, other protocols) call.</summary>
public sealed class MessagingService(JobEngine engine, ChannelSet channels, TimeProvider time)
{
    /// <summary>Buffers kept for the next caller; more are made and let go under a burst.</summary>
    private const int MaxSpareIntakes = 512;

    private readonly ConcurrentBag<MessageIntake> _spare = [];
    private readonly MessageReader _reader = new(engine);
    private long _newestUrgent;

    public JobEngine Engine => engine;

    public ChannelSet Channels => channels;

    public Eta Eta { get; } = new(engine, channels, time);

    public TimeProvider Time => time;

    /// <summary>The urgent message accepted last by <see cref="SendAsync"/> in this run; null before the first.</summary>
    public MessageId? NewestUrgent => Volatile.Read(ref _newestUrgent) is > 0 and var id ? new MessageId(new JobId(id)) : null;

    public MessageIntake Rent() => _spare.TryTake(out var intake) ? intake : new MessageIntake(engine, channels, Eta, time);

    public void Return(MessageIntake intake)
    {
        if (_spare.Count < MaxSpareIntakes)
        {
            _spare.Add(intake);
        }
    }

    /// <summary>Parses, checks and accepts one message; returns when it is durable.</summary>
    /// <param name="json">As <c>POST /v1/messages</c> has it.</param>
    /// <param name="key">None is fine.</param>
    /// <param name="dryRun">Checks only.</param>
    /// <param name="cancel">Ends the wait for the disk.</param>
    /// <param name="account">Who hands it in.</param>
    public ValueTask<SendResult> SendAsync(ReadOnlySpan<byte> json, IdempotencyKey key, bool dryRun, CancellationToken cancel, string account = "")
    {
        var intake = Rent();
        intake.Account = account;
        try
        {
            return MessageRequestParser.TryParse(json, intake.Request, out var error)
                ? Accept(intake, key, key.IsNone ? 0 : IdempotencyKey.ContentOf(json), dryRun, cancel)
                : new(SendResult.Refused(error!, RetryAfterOf(error!)));
        }
        finally
        {
            Return(intake);
        }
    }

    /// <param name="key">Of the whole batch; none is fine.</param>
    /// <param name="account">Who hands it in.</param>
    public BatchSender StartBatch(IdempotencyKey key, string account = "") => new(engine, new MessageIntake(engine, channels, Eta, time) { Account = account }, key);

    /// <summary>Null when there is no such message.</summary>
    public MessageView? Find(MessageId id) => _reader.Read(id);

    /// <summary>Cancels what has not been handed out of a message. Null when there is no such message.</summary>
    public async ValueTask<MessageView?> CancelAsync(MessageId id, CancellationToken cancel)
    {
        var first = engine.Find(id.Job);
        if (first.State == JobState.None || first.Part != 0 || !IsOfTexts(first.Queue))
        {
            return _reader.Read(id);
        }

        for (var part = 0; part < first.Parts; part++)
        {
            await engine.CancelAsync(new JobId(id.Job.Value + part), MessagingCodes.CancelledByUser, cancel).ConfigureAwait(false);
        }

        return _reader.Read(id);
    }

    /// <summary>Accepts the same message anew, under a new id. Null when there is no such message.</summary>
    public async ValueTask<SendResult?> ResendAsync(MessageId id, IdempotencyKey key, CancellationToken cancel, string account = "")
    {
        if (_reader.Read(id) is not { } message)
        {
            return null;
        }

        if (message.Text is { Length: > 0 } text && string.IsNullOrWhiteSpace(text))
        {
            return SendResult.Refused(RequestError.Of("text", "empty", "what it said was blanked, by retention or on its owner's wish"));
        }

        // Sent again by a person, it still is its sender's: whose secret signs for its callback goes by it.
        account = account.Length > 0 ? account : message.Account ?? string.Empty;
        return message.DataHex is null
            ? await SendAsync(ResendJson.Of(message).Span, key, dryRun: false, cancel, account).ConfigureAwait(false)
            : await ResendOctetsAsync(id, key, account, cancel).ConfigureAwait(false);
    }

    /// <summary>How long a caller who was refused for a full queue should wait: until a hundredth of the bound has drained, 1 s to 5 min.</summary>
    public TimeSpan RetryAfter(string queue)
    {
        var info = engine.GetQueue(queue);
        var rate = channels.All.Sum(c => c.Stage.GetInfo().RateUsed);
        var seconds = info is null || rate <= 0 ? 10 : info.Bound / 100.0 / rate;
        return TimeSpan.FromSeconds(Math.Clamp(seconds, 1, 300));
    }

    /// <summary>Octets go out again as they are kept: how their sender coded them is nothing that JSON can say.</summary>
    private ValueTask<SendResult> ResendOctetsAsync(MessageId id, IdempotencyKey key, string account, CancellationToken cancel)
    {
        var intake = Rent();
        intake.Account = account;
        try
        {
            var content = 0UL;
            JobHistory.Read(engine, id.Job, (in EngineEvent item) =>
            {
                if (item.Kind == EntryKind.Accepted && MessageBodyReader.TryRead(item.Data, out var body, out _))
                {
                    MessageRequestFields.Fill(intake.Request, body);
                    content = IdempotencyKey.ContentOf(item.Data);
                }
            });
            return content == 0
                ? new(SendResult.Refused(RequestError.Of("data_hex", "empty", "its record is past its retention")))
                : Accept(intake, key, key.IsNone ? 0 : content, dryRun: false, cancel);
        }
        finally
        {
            Return(intake);
        }
    }

    /// <summary>Checks and accepts what the intake's request holds.</summary>
    private ValueTask<SendResult> Accept(MessageIntake intake, IdempotencyKey key, ulong content, bool dryRun, CancellationToken cancel)
    {
        if (intake.Prepare(out var message) is { } error)
        {
            return new(SendResult.Refused(error, RetryAfterOf(error)));
        }

        var accepted = new SendResult(
            default, null, message.Plan.Parts, message.Plan.Encoding, message.ExpectedChannel, message.EtaMs, message.DueMs > 0, false, null);
        return dryRun ? new(accepted) : FinishAsync(engine.EnqueueAsync(intake.ToJob(message, key.For(0), content), cancel).AsTask(), accepted, message);
    }

    /// <summary>Whether a queue's jobs are texts: others' are not cancelled by a message's id that happens to be theirs.</summary>
    private static bool IsOfTexts(string queue) =>
        queue.StartsWith(Routes.Route.QueuePrefix, StringComparison.Ordinal) || queue.StartsWith(Routes.Route.PinnedQueueOf(string.Empty), StringComparison.Ordinal);

    private async ValueTask<SendResult> FinishAsync(Task<EnqueueResult> enqueue, SendResult accepted, PreparedMessage message)
    {
        var result = await enqueue.ConfigureAwait(false);
        if (result.Status == EnqueueStatus.Accepted && message.Lane == Lane.Urgent)
        {
            Volatile.Write(ref _newestUrgent, result.Id.Value);
        }

        return result.Status switch
        {
            EnqueueStatus.Accepted => accepted with { Id = new MessageId(result.Id) },
            EnqueueStatus.Repeated => accepted with { Id = new MessageId(result.Id), IsRepeat = true },
            EnqueueStatus.QueueFull => SendResult.Refused(
                new RequestError(429, "queue_full", null, $"The queue {message.Route.Queue} is full. Wait, or raise its bound."), RetryAfter(message.Route.Queue)),
            EnqueueStatus.StorageFull => SendResult.Refused(
                new RequestError(503, "storage_full", null, "The disk is full: what was accepted is safe, nothing new is taken until there is room."), TimeSpan.FromSeconds(30)),
            EnqueueStatus.Stopping => SendResult.Refused(
                new RequestError(503, "stopping", null, "The server is stopping. Send it again in a moment."), TimeSpan.FromSeconds(5)),
            _ => SendResult.Refused(BatchSender.KeyError(result.Status), result.Status == EnqueueStatus.InProgress ? TimeSpan.FromSeconds(1) : null),
        };
    }

    private static TimeSpan? RetryAfterOf(RequestError error) => error.Status is 429 or 503 ? TimeSpan.FromSeconds(60) : null;
}
