using System.Buffers;
using System.IO.Pipelines;
using Strowger.Features.Access;
using Strowger.Features.Messaging.Sending;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.Http.Messages;

/// <summary>
/// <c>POST /v1/messages</c>: the hot path. The body is parsed where Kestrel received it; nothing is bound, reflected or copied
/// but what the message keeps.
/// </summary>
internal sealed class SendEndpoint(HttpServices services, Gate gate, ProblemGuard guard)
{
    /// <summary>In front of routing.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            var problem = gate.Enter(context, Rights.MessagesWrite, out var caller);
            await (problem is null ? HandleAsync(context, caller) : ProblemAnswer.WriteAsync(context, problem)).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            await guard.HandleAsync(context, error).ConfigureAwait(false);
        }
    }

    public async Task HandleAsync(HttpContext context, Caller caller)
    {
        IdempotencyKey key = default;
        var isDryRun = false;
        var problem = Readiness.NotReady(services) ?? ContentTypes.NotJson(context) ?? TooLarge(context)
            ?? RequestKey.Read(context, caller, out key) ?? ReadDryRun(context, out isDryRun);
        if (problem is not null)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
            return;
        }

        var reader = context.Request.BodyReader;
        var body = await ReadAsync(reader).ConfigureAwait(false);
        if (body.Length > HttpLimits.MaxBody)
        {
            reader.AdvanceTo(body.End);
            await ProblemAnswer.WriteAsync(context, "body_too_large", ProblemGuard.TooLarge).ConfigureAwait(false);
            return;
        }

        // Parsed before the call returns: the buffer may go back while the disk works.
        var sending = Send(body, key, isDryRun, caller.Account);
        reader.AdvanceTo(body.End);
        await SendAnswer.WriteAsync(context, await sending.ConfigureAwait(false), isDryRun).ConfigureAwait(false);
    }

    /// <summary>The whole body, or more than is allowed of it.</summary>
    private static async ValueTask<ReadOnlySequence<byte>> ReadAsync(PipeReader reader)
    {
        while (true)
        {
            var read = await reader.ReadAsync().ConfigureAwait(false);
            if (read.IsCompleted || read.Buffer.Length > HttpLimits.MaxBody)
            {
                return read.Buffer;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private ValueTask<SendResult> Send(in ReadOnlySequence<byte> body, IdempotencyKey key, bool isDryRun, string account)
    {
        // No cancellation: what is in the journal is accepted, whether its sender still listens or not.
        if (body.IsSingleSegment)
        {
            return services.Messaging.SendAsync(body.FirstSpan, key, isDryRun, CancellationToken.None, account);
        }

        var length = (int)body.Length;
        var copy = ArrayPool<byte>.Shared.Rent(length);
        body.CopyTo(copy);
        var sending = services.Messaging.SendAsync(copy.AsSpan(0, length), key, isDryRun, CancellationToken.None, account);
        ArrayPool<byte>.Shared.Return(copy);
        return sending;
    }

    private static Problem? TooLarge(HttpContext context) =>
        context.Request.ContentLength > HttpLimits.MaxBody ? Problem.Of("body_too_large", ProblemGuard.TooLarge) : null;

    private static Problem? ReadDryRun(HttpContext context, out bool isDryRun)
    {
        isDryRun = false;
        return context.Request.QueryString.HasValue ? QueryReader.ReadOnlyFlag(context, "dry_run", out isDryRun) : null;
    }
}
