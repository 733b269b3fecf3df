using System.Text;

namespace Strowger.Server.Http.Kannel;

/// <summary>Texts in the charsets that programs name.</summary>
internal static class SendSmsCharset
{
    /// <summary>Null when there is no such charset or the octets are none of it.</summary>
    public static string? Decode(byte[] octets, string charset)
    {
        var name = charset.Trim().ToUpperInvariant() switch
        {
            "UCS-2" or "UCS2" or "UCS-2BE" or "UTF16-BE" or "UTF16BE" => "UTF-16BE",
            "UTF8" => "UTF-8",
            "LATIN1" => "ISO-8859-1",
            var other => other,
        };
        try
        {
            var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
                ?? Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
            return encoding.GetString(octets);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            // DecoderFallbackException is an ArgumentException.
            return null;
        }
    }
}
