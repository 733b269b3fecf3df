using System.Globalization;
using System.Text;

namespace Strowger.Features.Notifications.Webhooks;

/// <summary>
/// What Kannel calls a delivery report: the <c>dlr-url</c> of a text fetched by GET, its escapes filled in. It is kept where a text keeps its
/// <c>callback_url</c>, with what Kannel's escapes need as the fragment, which no receiver ever sees:
/// <code>http://host/path?type=%d#kannel;mask;user;to;from;account</code>
/// </summary>
public sealed record KannelReport(string Url, int Mask, string User, string To, string From, string Account)
{
    /// <summary>What a report says, as Kannel counts it.</summary>
    public const int Delivered = 1;
    public const int Undelivered = 2;
    public const int TakenByCarrier = 8;
    public const int RefusedByCarrier = 16;

    private const string Mark = "#kannel;";
    private const int Fields = 5;

    /// <summary>Whether a callback may be one.</summary>
    public static bool IsOne(ReadOnlySpan<byte> callback) => callback.IndexOf("#kannel;"u8) > 0;

    /// <summary>As a text keeps it.</summary>
    public string ToCallback()
    {
        // A fragment of its own never leaves a browser either.
        var plain = Url.Split('#')[0];
        return string.Create(CultureInfo.InvariantCulture, $"{plain}{Mark}{Mask};{Escape(User)};{Escape(To)};{Escape(From)};{Escape(Account)}");
    }

    /// <summary>Null when it is a plain callback.</summary>
    public static KannelReport? Parse(string callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var at = callback.LastIndexOf(Mark, StringComparison.Ordinal);
        var fields = at > 0 ? callback[(at + Mark.Length)..].Split(';') : [];
        return fields.Length == Fields && int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var mask)
            ? new KannelReport(callback[..at], mask, Unescape(fields[1]), Unescape(fields[2]), Unescape(fields[3]), Unescape(fields[4]))
            : null;
    }

    /// <summary>Kannel's number for an event; 0: Kannel would not tell of it.</summary>
    /// <param name="type">Of <see cref="EventTypes"/>.</param>
    /// <param name="isReceipt">The carrier says so; else we do.</param>
    internal static int TypeOf(string type, bool isReceipt) => type switch
    {
        "message.sent" => TakenByCarrier,
        "message.failed" or "message.expired" or "message.cancelled" => RefusedByCarrier,
        "message.delivered" => Delivered,
        "message.undelivered" => Undelivered,
        "message.unknown" when isReceipt => Undelivered,
        _ => 0,
    };

    /// <summary>The address with its escapes filled in.</summary>
    internal string Fill(in KannelReportValues values)
    {
        var filled = new StringBuilder(Url.Length + 128);
        for (var i = 0; i < Url.Length; i++)
        {
            if (Url[i] != '%' || i + 1 == Url.Length)
            {
                filled.Append(Url[i]);
                continue;
            }

            if (ValueOf(Url[++i], values) is { } value)
            {
                filled.Append(value);
            }
            else
            {
                // Not an escape of Kannel's, such as %20: it stays.
                filled.Append('%').Append(Url[i]);
            }
        }

        return filled.ToString();
    }

    private string? ValueOf(char escape, in KannelReportValues values)
    {
        switch (escape)
        {
            case 'd':
                return values.Type.ToString(CultureInfo.InvariantCulture);
            case 'A' or 'a' or 'b':
                return Encode(values.Answer);
            case 'k':
                return Encode(values.Answer.Split(' ')[0]);
            case 'p':
                return Encode(To);
            case 'P':
                return Encode(From);
            case 'q':
                return Encode(International(To));
            case 'Q':
                return Encode(International(From));
            case 'i':
                return Encode(values.Channel);
            case 'I':
                return Encode(values.MessageId);
            case 'F':
                return Encode(values.CarrierId);
            case 'n':
                return Encode(User);
            case 'o':
                return Encode(Account);
            case 'R':
                return Encode(Url);
            case 't':
                return DateTimeOffset.FromUnixTimeMilliseconds(values.TimeMs).ToString("yyyy-MM-dd'+'HH:mm:ss", CultureInfo.InvariantCulture);
            case 'T':
                return (values.TimeMs / 1000).ToString(CultureInfo.InvariantCulture);
            case '%':
                return "%";

            // Of incoming texts, or not kept: empty, as Kannel leaves what it does not know.
            case 'B' or 'D' or 'e' or 'f' or 'r' or 's' or 'S' or 'u':
                return string.Empty;
            default:
                return null;
        }
    }

    private static string International(string number) => number.StartsWith("00", StringComparison.Ordinal) ? "+" + number[2..] : number;

    private static string Encode(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);

    private static string Escape(string text) => Uri.EscapeDataString(text);

    private static string Unescape(string text) => Uri.UnescapeDataString(text);
}

/// <summary>What a report tells beside what was asked.</summary>
internal readonly record struct KannelReportValues(int Type, string Answer, string Channel, string MessageId, string CarrierId, long TimeMs);
