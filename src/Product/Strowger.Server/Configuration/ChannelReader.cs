using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Strowger.Engine;
using Strowger.Records;
using Strowger.Smpp.Text;

namespace Strowger.Server.Configuration;

/// <summary>Checks one channel.</summary>
internal static class ChannelReader
{
    public const int MaxBinds = 64;
    public const int MaxWindow = 10_000;
    public const double MinRate = 0.001;
    public const double MaxRate = 10_000_000;
    public const double MaxPrice = 1000;

    /// <summary>SMPP 3.4 allows 15 and 8 (5.2.1, 5.2.2); carriers hand out longer ones.</summary>
    private const int MaxCredential = 64;

    private const int MaxPrefixes = 1000;
    private const int MaxPrefixDigits = 15;
    private const int MaxUrlLength = 2048;

    private static readonly (string, ChannelKind?)[] Kinds =
        [("smpp", ChannelKind.Smpp), ("discard", ChannelKind.Discard), ("modem", null), ("smtp", null), ("sip", null)];

    private static readonly (string, ChannelMode?)[] Modes =
        [("transceiver", ChannelMode.Transceiver), ("transmitter", ChannelMode.Transmitter), ("pair", ChannelMode.Pair)];

    private static readonly (string, LongMessageForm?)[] Forms =
        [("udh", LongMessageForm.Udh), ("sar", LongMessageForm.Sar), ("payload", LongMessageForm.Payload)];

    private static readonly (string, WhenUnsure?)[] Unsure = [("resend", WhenUnsure.Resend), ("hold", WhenUnsure.Hold)];

    public static ChannelConfiguration Read(SectionReader reader)
    {
        var kind = Kind(reader);
        var channel = new ChannelConfiguration
        {
            Name = Name(reader),
            Kind = kind ?? ChannelKind.Discard,
            Prefixes = Prefixes(reader),
            Limits = LimitReader.Read(reader),
            Rate = reader.Number("Rate", MinRate, MaxRate, "(parts a second over all binds)"),
            Bucket = reader.Duration("Bucket", TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1), TimeSpan.FromMilliseconds(100)),
            Price = (decimal?)reader.Number("Price", 0, MaxPrice, "(for a part)"),
            MaxParts = reader.Integer("MaxParts", 1, 255, "", 10),
            Latin1 = reader.Flag("Latin1", false),
            Paused = reader.Flag("Paused", false),
            WhenUnsure = reader.Choice("WhenUnsure", Unsure, WhenUnsure.Resend),
            InboundUrl = Url(reader, "InboundUrl"),
        };
        switch (kind)
        {
            case ChannelKind.Smpp:
                channel = Smpp(reader, channel);
                break;
            case null:
                // What the kind would need is unknown: its keys are no mistakes.
                return channel;
        }

        reader.Finish();
        return channel;
    }

    private static ChannelKind? Kind(SectionReader reader)
    {
        const ChannelKind None = (ChannelKind)(-1);
        if (string.IsNullOrEmpty(reader.Required("Kind", "allowed are smpp, discard", 64)))
        {
            return null;
        }

        var kind = reader.Choice("Kind", Kinds, None);
        return kind == None ? null : kind;
    }

    private static ChannelConfiguration Smpp(SectionReader reader, ChannelConfiguration channel)
    {
        var read = channel with
        {
            Host = reader.Required("Host", "the carrier's name or address", 255),
            Port = reader.Integer("Port", 1, 65535, "", 2775),
            SystemId = reader.Required("SystemId", "the name the carrier gave you", MaxCredential),
            Password = reader.Text("Password", null, MaxCredential),
            PasswordFile = reader.Text("PasswordFile"),
            SystemType = reader.Text("SystemType", "", 12)!,
            Tls = reader.Flag("Tls", false),
            TlsServerName = reader.Text("TlsServerName", null, 255),
            TlsTrustedCertificate = reader.Text("TlsTrustedCertificate"),
            Mode = reader.Choice("Mode", Modes, ChannelMode.Transceiver),
            NationalLanguages = Languages(reader),
            LongMessages = reader.Choice("LongMessages", Forms, LongMessageForm.Udh),
            Binds = reader.Integer("Binds", 1, MaxBinds, "", 1),
            Window = reader.Integer("Window", 1, MaxWindow, "(parts in flight a bind)", 50),
            EnquireLink = reader.Duration("EnquireLink", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), TimeSpan.FromSeconds(30)),
            ResponseTimeout = reader.Duration("ResponseTimeout", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(30)),
        };
        CheckPassword(reader, read);
        CheckTls(reader, read);
        return read;
    }

    private static void CheckTls(SectionReader reader, ChannelConfiguration channel)
    {
        if (channel is { Tls: false, TlsServerName: not null } or { Tls: false, TlsTrustedCertificate: not null })
        {
            reader.Add(channel.TlsServerName is null ? "TlsTrustedCertificate" : "TlsServerName", null, "it needs Tls: true beside it");
        }

        if (channel.TlsTrustedCertificate is not { } path)
        {
            return;
        }

        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(path);
            if (certificates.Count == 0)
            {
                reader.Add("TlsTrustedCertificate", $"\"{path}\"", "there is no certificate in it (PEM, -----BEGIN CERTIFICATE-----)");
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            reader.Add("TlsTrustedCertificate", $"\"{path}\"", $"it cannot be read: {error.Message.TrimEnd('.')}. It has to be readable for {Environment.UserName}");
        }
    }

    private static void CheckPassword(SectionReader reader, ChannelConfiguration channel)
    {
        if (channel.PasswordFile is null)
        {
            return;
        }

        if (channel.Password is not null)
        {
            reader.Add("PasswordFile", $"\"{channel.PasswordFile}\"", "it stands beside Password; only one of the two may be there");
        }

        try
        {
            if (channel.ReadPassword().Length > MaxCredential)
            {
                reader.Add("PasswordFile", $"\"{channel.PasswordFile}\"", $"its first line, the password, may have {MaxCredential} characters");
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            reader.Add("PasswordFile", $"\"{channel.PasswordFile}\"", $"it cannot be read: {error.Message.TrimEnd('.')}. It has to be readable for {Environment.UserName}");
        }
    }

    private static string Name(SectionReader reader)
    {
        var name = reader.Required("Name", "each channel has a name of its own", RecordsLimits.MaxNameLength);
        if (name.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_' or '.')))
        {
            reader.Add("Name", $"\"{name}\"", "allowed are a-z, A-Z, 0-9, '-', '_' and '.'");
        }

        return name;
    }

    private static IReadOnlyList<string> Prefixes(SectionReader reader)
    {
        var prefixes = reader.Texts("Prefixes");
        foreach (var prefix in prefixes)
        {
            if (prefix.Length is 0 or > MaxPrefixDigits || prefix[0] == '0' || !prefix.All(char.IsAsciiDigit))
            {
                reader.Add("Prefixes", $"\"{prefix}\"", "allowed are 1 to 15 leading digits of an E.164 number, without '+' and not beginning with 0, such as \"46\"");
            }
        }

        if (prefixes.Count > MaxPrefixes)
        {
            reader.Add("Prefixes", $"{prefixes.Count} entries", $"at most {MaxPrefixes} are allowed");
        }

        return prefixes;
    }

    private static List<NationalLanguage> Languages(SectionReader reader)
    {
        var languages = new List<NationalLanguage>();
        foreach (var code in reader.Texts("NationalLanguages"))
        {
            if (NationalLanguageCodes.Find(code) is not { } language)
            {
                reader.Add("NationalLanguages", $"\"{code}\"", NationalLanguageCodes.Allowed);
            }
            else if (!languages.Contains(language))
            {
                languages.Add(language);
            }
        }

        return languages;
    }

    private static string? Url(SectionReader reader, string key)
    {
        var text = reader.Text(key, null, MaxUrlLength);
        if (text is not null && !(Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is ("http" or "https")))
        {
            reader.Add(key, $"\"{text}\"", "allowed is a full address that begins with https:// or http://");
        }

        return text;
    }
}
