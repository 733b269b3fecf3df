using System.Buffers;
using Microsoft.AspNetCore.Http.Features;
using Strowger.Features.Jobs;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.Http.Jobs;

/// <summary>Reads the body of a call with jobs whole; of large ones only so many at once.</summary>
internal sealed class JobsBodyReader
{
    private int _large;

    /// <summary>Whether a body holds many jobs: lines, or an array.</summary>
    public static bool IsMany(HttpContext context, ReadOnlySpan<byte> body)
    {
        var type = context.Request.ContentType ?? string.Empty;
        return type.Contains("ndjson", StringComparison.OrdinalIgnoreCase) || type.Contains("jsonl", StringComparison.OrdinalIgnoreCase)
            || body.TrimStart(" \t\r\n"u8) is [(byte)'[', ..];
    }

    /// <param name="context">The call.</param>
    /// <param name="take">Given the body; valid until it returns.</param>
    public async Task<Problem?> ReadAsync(HttpContext context, Func<ReadOnlyMemory<byte>, Task<Problem?>> take)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = JobLimits.MaxBatchBytes + HttpLimits.MaxBody;
        }

        var isLarge = false;
        try
        {
            var body = new ArrayBufferWriter<byte>(4096);
            var reader = context.Request.BodyReader;
            while (true)
            {
                var read = await reader.ReadAsync(context.RequestAborted).ConfigureAwait(false);
                foreach (var piece in read.Buffer)
                {
                    body.Write(piece.Span);
                }

                reader.AdvanceTo(read.Buffer.End);
                if (body.WrittenCount > JobLimits.MaxBatchBytes)
                {
                    return Problem.Of("body_too_large", $"The body is longer than {JobLimits.MaxBatchBytes} octets. Send it as several.");
                }

                if (!isLarge && body.WrittenCount > HttpLimits.MaxBody)
                {
                    isLarge = true;
                    if (Interlocked.Increment(ref _large) > HttpLimits.MaxJobBatches)
                    {
                        return Problem.Of("too_many_batches", $"{HttpLimits.MaxJobBatches} large calls are being read. Wait for one of yours to end.") with { RetryAfter = TimeSpan.FromSeconds(1) };
                    }
                }

                if (read.IsCompleted)
                {
                    return await take(body.WrittenMemory).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            if (isLarge)
            {
                Interlocked.Decrement(ref _large);
            }
        }
    }
}
