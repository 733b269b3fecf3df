using System.Buffers;
using System.Globalization;
using System.Text;
using Strowger.Features.Messaging.Sending;
using Strowger.Features.Messaging.Statuses;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.Http.Messages;

/// <summary>The answer to one message, written by hand: it is the answer given most.</summary>
internal static class SendAnswer
{
    private const int MaxLength = 512;

    public static Task WriteAsync(HttpContext context, in SendResult result, bool isDryRun)
    {
        if (result.Error is { } error)
        {
            return ProblemAnswer.WriteAsync(context, Problem.Of(error, result.RetryAfter));
        }

        var response = context.Response;
        response.StatusCode = isDryRun ? StatusCodes.Status200OK : StatusCodes.Status202Accepted;
        if (result.IsRepeat)
        {
            response.Headers[RequestKey.ReplayedHeader] = "true";
        }

        var buffer = ArrayPool<byte>.Shared.Rent(MaxLength);
        var length = Write(buffer, result, isDryRun);
        response.ContentType = JsonAnswer.ContentType;
        response.ContentLength = length;
        var write = response.BodyWriter.WriteAsync(buffer.AsMemory(0, length));
        if (write.IsCompletedSuccessfully)
        {
            write.GetAwaiter().GetResult();
            ArrayPool<byte>.Shared.Return(buffer);
            return Task.CompletedTask;
        }

        // Not given back: a write that waits may still read it.
        return write.AsTask();
    }

    private static int Write(Span<byte> to, in SendResult result, bool isDryRun)
    {
        var at = 0;
        if (isDryRun)
        {
            Put(to, ref at, "{\"id\":null,\"dry_run\":true,\"status\":\""u8);
        }
        else
        {
            Span<char> id = stackalloc char[17];
            result.Id.Write(id);
            Put(to, ref at, "{\"id\":\""u8);
            at += Encoding.ASCII.GetBytes(id, to[at..]);
            Put(to, ref at, "\",\"status\":\""u8);
        }

        Put(to, ref at, result.IsScheduled ? "scheduled"u8 : "queued"u8);
        Put(to, ref at, "\",\"segments\":"u8);
        _ = result.Segments.TryFormat(to[at..], out var digits, default, CultureInfo.InvariantCulture);
        at += digits;
        Put(to, ref at, ",\"encoding\":\""u8);
        at += Encoding.ASCII.GetBytes(MessageReader.EncodingWord(result.Encoding), to[at..]);

        // A channel's name is letters, digits and '.', '_', '-': nothing to escape.
        Put(to, ref at, "\",\"channel\":\""u8);
        at += Encoding.UTF8.GetBytes(result.Channel, to[at..]);
        Put(to, ref at, "\",\"eta\":\""u8);
        JsonTimes.Write(to[at..], DateTimeOffset.FromUnixTimeMilliseconds(result.EtaMs));
        at += JsonTimes.Length;
        Put(to, ref at, "\"}"u8);
        return at;
    }

    private static void Put(Span<byte> to, ref int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(to[at..]);
        at += text.Length;
    }
}
