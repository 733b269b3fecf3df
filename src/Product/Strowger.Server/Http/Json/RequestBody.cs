using System.Buffers;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.Http.Json;

/// <summary>A body of bounded length, whole.</summary>
internal static class RequestBody
{
    /// <summary>The octets, or what is wrong.</summary>
    public static async ValueTask<(byte[] Body, Problem? Problem)> ReadAsync(HttpContext context)
    {
        if (ContentTypes.NotJson(context) is { } kind)
        {
            return ([], kind);
        }

        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted).ConfigureAwait(false);
            if (read.Buffer.Length > HttpLimits.MaxBody)
            {
                reader.AdvanceTo(read.Buffer.End);
                return ([], Problem.Of("body_too_large", ProblemGuard.TooLarge));
            }

            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return (body, null);
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
