using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Strowger.Engine;
using Strowger.Features.Access;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Sending;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.Http.Messages;

/// <summary>
/// <c>POST /v1/messages/batch</c>: a body of any length, taken line by line while it arrives. What the disk cannot take yet is
/// not read, so the sender waits; memory holds two chunks.
/// </summary>
internal sealed class BatchEndpoint(HttpServices services, Gate gate, ProblemGuard guard)
{
    private int _open;
    private long _count;

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
        var problem = Readiness.NotReady(services) ?? new QueryReader(context).Problem ?? ContentTypes.NotBatch(context) ?? RequestKey.Read(context, caller, out key)
            ?? await TakeAsync(context, key, caller.Account).ConfigureAwait(false);
        if (problem is not null)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
        }
    }

    private async Task<Problem?> TakeAsync(HttpContext context, IdempotencyKey key, string account)
    {
        if (Interlocked.Increment(ref _open) > HttpLimits.MaxBatches)
        {
            Interlocked.Decrement(ref _open);
            return Problem.Of("too_many_batches", $"{HttpLimits.MaxBatches} batches are being read. Wait for one of yours to end.") with { RetryAfter = TimeSpan.FromSeconds(1) };
        }

        try
        {
            Unbound(context);
            var batch = services.Messaging.StartBatch(key, account);
            using var idle = CancellationTokenSource.CreateLinkedTokenSource(services.Stopping);
            var next = await ReadAsync(context.Request.BodyReader, batch, idle).ConfigureAwait(false);
            return await AnswerAsync(context, batch, next).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    /// <summary>Takes in lines to the end or to where it has to stop.</summary>
    /// <returns>The line to go on from; null when all were read.</returns>
    private static async Task<long?> ReadAsync(PipeReader body, BatchSender batch, CancellationTokenSource idle)
    {
        var reader = new BatchLineReader(body);
        try
        {
            while (await MoreAsync(reader, batch, idle).ConfigureAwait(false))
            {
                while (TakeChunk(reader, batch))
                {
                    if (!await batch.FlushAsync(CancellationToken.None).ConfigureAwait(false))
                    {
                        await DrainAsync(reader).ConfigureAwait(false);
                        return batch.StoppedAt;
                    }
                }
            }

            if (batch.StoppedAt > 0)
            {
                await DrainAsync(reader).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (idle.IsCancellationRequested)
        {
            // Stopping, or nothing came for too long: what was read is answered for.
            await batch.FinishAsync(CancellationToken.None).ConfigureAwait(false);
            return batch.StoppedAt > 0 ? batch.StoppedAt : reader.Number + 1;
        }

        await batch.FinishAsync(CancellationToken.None).ConfigureAwait(false);
        return batch.StoppedAt > 0 ? batch.StoppedAt : null;
    }

    /// <summary>Waits for more input; what has been taken goes to disk meanwhile, so that a slow generator's lines leave as they come.</summary>
    private static async ValueTask<bool> MoreAsync(BatchLineReader reader, BatchSender batch, CancellationTokenSource idle)
    {
        idle.CancelAfter(HttpLimits.BatchIdle);
        var more = reader.ReadAsync(idle.Token);
        if (more.IsCompleted)
        {
            return await more.ConfigureAwait(false);
        }

        var waiting = more.AsTask();
        var flushed = await batch.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        return await waiting.ConfigureAwait(false) && flushed;
    }

    /// <summary>True when the chunk is full; false when more input is needed first.</summary>
    private static bool TakeChunk(BatchLineReader reader, BatchSender batch)
    {
        while (reader.TryNext(out var line))
        {
            batch.Add(line);
            if (batch.IsChunkFull)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Most clients listen only when they have sent everything: the rest is passed over, within bounds.</summary>
    private static async Task DrainAsync(BatchLineReader reader)
    {
        using var limit = new CancellationTokenSource(HttpLimits.MaxDrainTime);
        try
        {
            long? begin = null;
            while (await reader.ReadAsync(limit.Token).ConfigureAwait(false))
            {
                while (reader.TryNext(out var line))
                {
                    begin ??= line.Position;
                    if (line.Position - begin > HttpLimits.MaxDrainBytes)
                    {
                        return;
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The answer goes out and the connection is closed.
        }
    }

    private async Task<Problem?> AnswerAsync(HttpContext context, BatchSender batch, long? next)
    {
        if (next is null)
        {
            await WriteAsync(context, batch, null).ConfigureAwait(false);
            return null;
        }

        var problem = batch.Stopped switch
        {
            EnqueueStatus.QueueFull => Problem.Of("queue_full", $"The queue is full: go on from line {next}.") with { RetryAfter = services.Messaging.RetryAfter(batch.StoppedQueue ?? string.Empty) },
            EnqueueStatus.StorageFull => Problem.Of("storage_full", $"The disk is full: what was accepted is safe. Go on from line {next} when there is room.") with { RetryAfter = TimeSpan.FromSeconds(30) },
            _ when services.Stopping.IsCancellationRequested || batch.Stopped == EnqueueStatus.Stopping =>
                Problem.Of("stopping", $"The server is stopping. Go on from line {next} in a moment.") with { RetryAfter = TimeSpan.FromSeconds(5) },
            _ => Problem.Of("request_timeout", $"Nothing came for {HttpLimits.BatchIdle.TotalSeconds} s. Go on from line {next}.") with { RetryAfter = TimeSpan.FromSeconds(1) },
        };
        if (batch.Accepted == 0)
        {
            return problem with { Extend = writer => BatchAnswer.WriteMembers(writer, Id(), batch, next) };
        }

        context.Response.Headers.RetryAfter = ((long)Math.Ceiling(problem.RetryAfter!.Value.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        await WriteAsync(context, batch, next).ConfigureAwait(false);
        return null;
    }

    private Task WriteAsync(HttpContext context, BatchSender batch, long? next) =>
        JsonAnswer.WriteAsync(context, StatusCodes.Status202Accepted, (Id(), batch, next), static (writer, state) =>
        {
            writer.WriteStartObject();
            BatchAnswer.WriteMembers(writer, state.Item1, state.batch, state.next);
            writer.WriteEndObject();
        });

    /// <summary>Sorts by time; names the batch in logs and questions.</summary>
    private string Id() =>
        string.Create(CultureInfo.InvariantCulture, $"batch_{services.Time.GetUtcNow().ToUnixTimeMilliseconds():x}{Interlocked.Increment(ref _count) & 0xFFFF:x4}");

    /// <summary>Lifts what guards other calls; <see cref="HttpLimits.BatchIdle"/> takes its place.</summary>
    private static void Unbound(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }
}
