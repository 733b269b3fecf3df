using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Strowger.Features.Messaging;
using Strowger.Features.Notifications.Webhooks;
using Strowger.Server.Configuration;

namespace Strowger.Server.Http.Kannel;

/// <summary>A sendsms request made into messages of ours; one mistake ends it, in Kannel's words.</summary>
internal sealed class SendSmsReader(CgiArguments arguments, KannelUser user, TimeProvider time)
{
    /// <summary>Receivers of one request: a query holds some 500.</summary>
    private const int MaxReceivers = 1000;

    /// <summary>Kannel keeps accounts this long.</summary>
    private const int MaxAccount = 64;

    private const string AllDenied = "Number(s) has/have been denied by white- and/or black-lists.";

    private readonly List<string> _denied = [];
    private readonly List<(string To, byte[] Json)> _messages = [];

    /// <summary>Receivers that no text can be sent to.</summary>
    public IReadOnlyList<string> Denied => _denied;

    /// <summary>The messages with their receivers as given; null with what is wrong.</summary>
    public List<(string To, byte[] Json)>? Read(out string? wrong)
    {
        wrong = Receivers(out var receivers) ?? Udh() ?? (receivers.TrueForAll(to => Number(to) is null) ? AllDenied : null)
            ?? Sender(out var from) ?? CheckFields(out var fields) ?? Content(fields, out var content) ?? Build(receivers, from, fields, content);
        return wrong is null ? _messages : null;
    }

    private string? Receivers(out List<string> receivers)
    {
        receivers = [];
        if (arguments.Text("to") is not { } to)
        {
            return "Missing receiver number, rejected";
        }

        receivers.AddRange(to.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return to.Length == 0 || receivers.Count == 0 ? "Empty receiver number not allowed, rejected"
            : receivers.Count > MaxReceivers ? string.Create(CultureInfo.InvariantCulture, $"More than {MaxReceivers} receivers, rejected")
            : null;
    }

    private string? Udh() => arguments.Octets("udh") is not { Length: > 0 } udh ? null
        : udh.Length != udh[0] + 1 ? "UDH field misformed, rejected"
        : "UDH field is not carried by this gateway, rejected";

    private string? Sender(out string from)
    {
        from = user.ForcedSender ?? (arguments.Text("from") is { Length: > 0 } given ? given : user.DefaultSender) ?? string.Empty;
        return from.Length == 0 ? "Sender missing and no global set, rejected" : null;
    }

    private string? CheckFields(out SendSmsFields fields)
    {
        fields = SendSmsFields.Read(arguments, out var wrong);
        if (arguments.Text("account") is { } account && (account.Length > MaxAccount || account.AsSpan().ContainsAny("[]\n\r")))
        {
            return "Account field misformed or too long, rejected";
        }

        return wrong ?? (fields.DlrUrl is { } url && !IsUrl(url) ? "DLR-URL field misformed, rejected" : null);
    }

    private static bool IsUrl(string url) => Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https";

    private string? Content(SendSmsFields fields, out (string? Text, byte[]? Data) content)
    {
        var octets = arguments.Octets("text") ?? [];
        content = default;
        if (octets.Length == 0)
        {
            return "Text missing, rejected";
        }

        if (fields.Coding == 1)
        {
            content = (null, octets);
            return null;
        }

        // Kannel reads a text without a charset as UTF-8, one for UCS-2 as big-endian UTF-16.
        var charset = arguments.Text("charset") is { Length: > 0 } named ? named : fields.Coding == 2 ? "UTF-16BE" : "UTF-8";
        if (SendSmsCharset.Decode(octets, charset) is not { } text)
        {
            return "Charset or body misformed, rejected";
        }

        content = (text, null);
        return null;
    }

    private string? Build(List<string> receivers, string from, SendSmsFields fields, (string? Text, byte[]? Data) content)
    {
        var channel = user.ForcedChannel ?? (arguments.Text("smsc") is { Length: > 0 } asked ? asked : user.DefaultChannel);
        foreach (var to in receivers)
        {
            if (Number(to) is not { } number)
            {
                _denied.Add(to);
                continue;
            }

            string? callback = null;
            if (fields is { DlrUrl: { } url, DlrMask: > 0 })
            {
                callback = new KannelReport(url, fields.DlrMask, user.Username, to, from, arguments.Text("account") ?? string.Empty).ToCallback();
                if (!WebhookSet.TryUrl(callback, out _))
                {
                    return "DLR-URL field misformed, rejected";
                }
            }

            _messages.Add((to, Json(number, from, channel, fields, content, callback)));
        }

        return null;
    }

    private byte[] Json(string to, string from, string? channel, SendSmsFields fields, (string? Text, byte[]? Data) content, string? callback)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("to", to);
            json.WriteString("from", from);
            if (content.Data is { } data)
            {
                json.WriteString("data_hex", Convert.ToHexStringLower(data));
            }
            else
            {
                json.WriteString("text", content.Text);
            }

            Optional(json, "channel", channel);
            Optional(json, "priority", fields.Priority switch { 0 => "bulk", 1 => "normal", 2 or 3 => "urgent", _ => null });
            Optional(json, "callback_url", callback);
            if (fields.ValidityMinutes > 0)
            {
                json.WriteNumber("expires_in", Math.Min(fields.ValidityMinutes * 60L, MessageLimits.MaxExpiresInSeconds));
            }

            if (fields.DeferredMinutes > 0)
            {
                json.WriteString("send_at", time.GetUtcNow().AddMinutes(fields.DeferredMinutes).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Optional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    /// <summary>E.164; null when it is none. 00 is the international prefix, hyphens are nothing.</summary>
    private static string? Number(string to)
    {
        var plain = to.Replace("-", "", StringComparison.Ordinal);
        plain = plain.StartsWith("00", StringComparison.Ordinal) ? plain[2..] : plain;
        return Msisdn.TryParse(plain.AsSpan(), out _, out _) ? plain : null;
    }
}
