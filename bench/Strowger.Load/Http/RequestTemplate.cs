using System.Text;

namespace Strowger.Load.Http;

/// <summary>A request of fixed length in which only numbers change. Written in place, so that the load costs the machine little.</summary>
internal sealed class RequestTemplate
{
    private readonly byte[] _bytes;
    private readonly List<(int Offset, int Digits)> _numbers = [];

    /// <param name="request">The whole request; each run of <c>~</c> is where the number goes, with leading zeros.</param>
    public RequestTemplate(string request)
    {
        _bytes = Encoding.ASCII.GetBytes(request);
        for (var at = 0; at < _bytes.Length; at++)
        {
            var length = _bytes.AsSpan(at).IndexOfAnyExcept((byte)'~');
            length = length < 0 ? _bytes.Length - at : length;
            if (length > 0)
            {
                _numbers.Add((at, length));
                at += length;
            }
        }
    }

    public int Length => _bytes.Length;

    /// <summary>One text by <c>POST /v1/messages</c>.</summary>
    public static RequestTemplate Single(string key, string priority = "")
    {
        var body = "{\"to\":\"4670~~~~~~~~\",\"from\":\"Strowger\",\"text\":\"Your code is 482913, thanks #~~~~~~~~~\"" + (priority.Length > 0 ? $",\"priority\":\"{priority}\"}}" : "}");
        return new RequestTemplate(
            $"POST /v1/messages HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    /// <summary>One text to Kannel's smsbox.</summary>
    /// <param name="reports">Where a report of delivery is posted to, for each; null = none.</param>
    public static RequestTemplate Kannel(Uri? reports = null) => new(
        "GET /cgi-bin/sendsms?username=bench&password=bench&from=Strowger&to=4670~~~~~~~~&text=Your+code+is+482913%2C+thanks+%23~~~~~~~~~"
        + (reports is null ? "" : "&dlr-mask=1&dlr-url=" + Uri.EscapeDataString(reports.AbsoluteUri + "?to=%p&state=%d"))
        + " HTTP/1.1\r\nHost: bench\r\nConnection: keep-alive\r\n\r\n");

    /// <summary>Writes the request for a number.</summary>
    /// <returns>Octets written: always <see cref="Length"/>.</returns>
    public int Write(long number, Span<byte> to)
    {
        _bytes.CopyTo(to);
        foreach (var (offset, digits) in _numbers)
        {
            var left = number;
            for (var i = offset + digits - 1; i >= offset; i--, left /= 10)
            {
                to[i] = (byte)('0' + (left % 10));
            }
        }

        return _bytes.Length;
    }
}
