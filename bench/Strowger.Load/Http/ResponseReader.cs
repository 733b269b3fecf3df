using System.Buffers.Text;

namespace Strowger.Load.Http;

/// <summary>Finds the end of an HTTP/1.1 response with a Content-Length (RFC 9112, section 6.2).</summary>
internal static class ResponseReader
{
    /// <summary>Octets of the response at the start of the buffer, 0 when more are needed, -1 when it is none that can be followed.</summary>
    public static int Length(ReadOnlySpan<byte> buffer, out int status, out ReadOnlySpan<byte> body)
    {
        status = 0;
        body = default;
        var end = buffer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return 0;
        }

        // "HTTP/1.1 202 Accepted"
        if (end < 12 || !Utf8Parser.TryParse(buffer.Slice(9, 3), out status, out var digits) || digits != 3)
        {
            return -1;
        }

        var length = ContentLength(buffer[..(end + 2)]);
        if (length < 0)
        {
            return -1;
        }

        var total = end + 4 + length;
        if (buffer.Length < total)
        {
            return 0;
        }

        body = buffer.Slice(end + 4, length);
        return total;
    }

    private static int ContentLength(ReadOnlySpan<byte> head)
    {
        var name = "content-length:"u8;
        while (!head.IsEmpty)
        {
            var end = head.IndexOf("\r\n"u8);
            var line = head[..end];
            if (line.Length > name.Length && System.Text.Ascii.EqualsIgnoreCase(line[..name.Length], name))
            {
                return Utf8Parser.TryParse(line[name.Length..].TrimStart((byte)' '), out int length, out _) ? length : -1;
            }

            head = head[(end + 2)..];
        }

        return -1;
    }
}
