using System.Globalization;
using System.Text;

namespace Strowger.Features.Notifications.Mail;

/// <summary>A mail on the wire (RFC 5322, MIME of RFC 2045 and 2047): one text/plain part in UTF-8, base64, so that no line is too long and none begins with a dot.</summary>
internal static class MimeText
{
    /// <summary>RFC 2045, 6.8.</summary>
    private const int Line = 76;

    /// <summary>Octets of text in one encoded word: RFC 2047, 2 allows 75 characters with what is around it.</summary>
    private const int WordOctets = 42;

    /// <param name="mail">Subject and text.</param>
    /// <param name="from">Checked.</param>
    /// <param name="messageId">Without angle brackets; the same at each attempt, so that receivers can tell a repeat.</param>
    /// <param name="date">When it was made.</param>
    public static byte[] Write(MailMessage mail, string from, string messageId, DateTimeOffset date)
    {
        var text = new StringBuilder();
        text.Append("Date: ").Append(date.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture)).Append(" +0000\r\n");
        text.Append("From: Strowger <").Append(from).Append(">\r\n");
        text.Append("To: ").AppendJoin(",\r\n ", mail.To).Append("\r\n");
        text.Append("Subject: ").Append(Header(mail.Subject)).Append("\r\n");
        text.Append("Message-ID: <").Append(messageId).Append(">\r\n");
        text.Append("Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n");
        var body = Convert.ToBase64String(Encoding.UTF8.GetBytes(mail.Text.ReplaceLineEndings("\r\n")));
        for (var at = 0; at < body.Length; at += Line)
        {
            text.Append(body, at, Math.Min(Line, body.Length - at)).Append("\r\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>A header's text: as it is when it is short and ASCII, else in encoded words. What would begin another header is a blank.</summary>
    internal static string Header(string text)
    {
        var flat = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        if (flat.Length <= Line - 10 && flat.All(char.IsAscii) && !flat.Contains("=?", StringComparison.Ordinal))
        {
            return flat;
        }

        var words = new List<string>();
        var word = new List<byte>();
        var octets = new byte[4];
        foreach (var rune in flat.EnumerateRunes())
        {
            // A character is never split between two words (RFC 2047, 5).
            var length = rune.EncodeToUtf8(octets);
            if (word.Count + length > WordOctets)
            {
                words.Add(Word(word));
                word.Clear();
            }

            word.AddRange(octets.AsSpan(0, length));
        }

        words.Add(Word(word));
        return string.Join("\r\n ", words);
    }

    private static string Word(List<byte> octets) => "=?utf-8?B?" + Convert.ToBase64String([.. octets]) + "?=";
}
