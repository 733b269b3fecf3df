using Strowger.Engine.Journaling;
using Strowger.Features.Access;
using Strowger.Features.Messaging;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Erasure;

/// <summary><c>POST /v1/erasures</c>: takes one number out of everything that is kept. Answers when it is done.</summary>
internal sealed class ErasureEndpoint(HttpServices services)
{
    public IEnumerable<ApiRoute> Routes => [new("POST", "/v1/erasures", Rights.All, EraseAsync)];

    private async Task EraseAsync(HttpContext context, Caller caller)
    {
        var body = await RequestObject.ReadAsync(context, "number").ConfigureAwait(false);
        var text = body.Required("number", 32, "an E.164 number such as +46701234567");
        Msisdn number = default;
        if (body.Problem is null && !Msisdn.TryParse(text, out number, out var error))
        {
            body.Fail("invalid_number", "number", Msisdn.Explain(error));
        }

        if ((body.Problem ?? Readiness.NotReady(services)) is { } problem)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
            return;
        }

        if (services.Erasure is not { } erasure)
        {
            await ProblemAnswer.WriteAsync(context, "not_found", "This server keeps no texts.").ConfigureAwait(false);
            return;
        }

        try
        {
            // Not with the request: a client that leaves must not leave a number half erased.
            var report = await erasure.RunAsync(number, caller.Name, services.Stopping).ConfigureAwait(false);
            await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, report, static (writer, report) =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("cancelled"u8, report.Cancelled);
                writer.WriteNumber("records"u8, report.Records);
                writer.WriteNumber("messages"u8, report.Messages);
                writer.WriteNumber("received"u8, report.Received);
                writer.WriteNumber("rows"u8, report.Rows);
                writer.WriteNumber("in_flight"u8, report.InFlight);
                writer.WriteEndObject();
            }).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is JournalException or IOException)
        {
            await ProblemAnswer.WriteAsync(context, "storage_failed", $"It is not all erased: {failure.Message} Send it again.").ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (services.Stopping.IsCancellationRequested)
        {
            await ProblemAnswer.WriteAsync(context, "stopping", "The server is stopping and it is not all erased. Send it again in a moment.").ConfigureAwait(false);
        }
    }
}
