using System.Text;

namespace Strowger.Server.Http.Kannel;

/// <summary>The arguments of a CGI request as octets: what they mean depends on the charset that one of them names.</summary>
internal sealed class CgiArguments
{
    /// <summary>Kannel knows some thirty.</summary>
    private const int MaxArguments = 100;

    private readonly Dictionary<string, byte[]> _values = new(StringComparer.Ordinal);

    /// <summary>The first of a name counts, as in Kannel.</summary>
    public byte[]? Octets(string name) => _values.GetValueOrDefault(name);

    /// <summary>As UTF-8; null when it is not there.</summary>
    public string? Text(string name) => Octets(name) is { } octets ? Encoding.UTF8.GetString(octets) : null;

    public void Set(string name, byte[] value)
    {
        if (_values.Count < MaxArguments)
        {
            _values.TryAdd(name, value);
        }
    }

    /// <summary>Adds those of <c>a=b&amp;c=d</c>, escaped as in a query or a form.</summary>
    public void Add(ReadOnlySpan<char> query)
    {
        foreach (var range in query.Split('&'))
        {
            var pair = query[range];
            if (pair.IsEmpty)
            {
                continue;
            }

            var equals = pair.IndexOf('=');
            Set(Encoding.UTF8.GetString(Decode(equals < 0 ? pair : pair[..equals])), equals < 0 ? [] : Decode(pair[(equals + 1)..]));
        }
    }

    private static byte[] Decode(ReadOnlySpan<char> text)
    {
        var octets = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                octets[length++] = Convert.FromHexString(text.Slice(i + 1, 2))[0];
                i += 2;
            }
            else if (text[i] == '+')
            {
                octets[length++] = (byte)' ';
            }
            else
            {
                var one = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) ? 2 : 1;
                length += Encoding.UTF8.GetBytes(text.Slice(i, one), octets.AsSpan(length));
                i += one - 1;
            }
        }

        return octets[..length];
    }
}
