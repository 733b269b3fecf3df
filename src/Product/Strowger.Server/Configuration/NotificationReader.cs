using System.Net;
using System.Text;
using Strowger.Features.Messaging;
using Strowger.Features.Notifications.Alarms;
using Strowger.Features.Notifications.Mail;
using Strowger.Features.Notifications.Webhooks;

namespace Strowger.Server.Configuration;

/// <summary>Checks how webhooks, mail and alarms are to be told.</summary>
internal static class NotificationReader
{
    private const int MaxNetworks = 100;
    private const int MaxCredential = 256;

    /// <summary>People told of each alarm: each costs a text.</summary>
    private const int MaxTold = 20;

    private static readonly (string, MailSecurity?)[] _security =
        [("starttls", MailSecurity.StartTls), ("tls", MailSecurity.Tls), ("none", MailSecurity.None)];

    public static WebhookOptions Webhooks(SectionReader reader)
    {
        var usual = new WebhookOptions();
        var options = usual with
        {
            AllowPrivate = reader.Flag("AllowPrivate", false),
            Allow = Networks(reader),
            Width = reader.Integer("Width", 1, 10_000, "posts at once", usual.Width),
            PerHost = reader.Integer("PerHost", 1, 1_000, "posts at once to one host", usual.PerHost),
            Timeout = reader.Duration("Timeout", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), usual.Timeout),
            FirstRetry = reader.Duration("FirstRetry", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), usual.FirstRetry),
            LastRetry = reader.Duration("LastRetry", TimeSpan.FromSeconds(1), TimeSpan.FromHours(6), usual.LastRetry),
            Life = reader.Duration("Life", TimeSpan.FromMinutes(1), TimeSpan.FromDays(7), usual.Life),
        };
        if (options.LastRetry < options.FirstRetry)
        {
            reader.Add("LastRetry", DurationText.ToText(options.LastRetry), "it must not be shorter than FirstRetry");
        }

        reader.Finish();
        return options;
    }

    /// <summary>Null when there is no section: then nothing is mailed.</summary>
    public static MailOptions? Mail(SectionReader reader, string directory)
    {
        if (reader.IsEmpty)
        {
            return null;
        }

        var security = reader.Choice("Security", _security, MailSecurity.StartTls);
        var usualPort = security switch { MailSecurity.Tls => 465, MailSecurity.StartTls => 587, _ => 25 };
        var options = new MailOptions
        {
            Host = reader.Required("Host", "the mail server's name or address", 255),
            Port = reader.Integer("Port", 1, 65535, "", usualPort),
            Security = security,
            TrustedCertificate = ConfigurationLoader.ExistingFile(reader, "TrustedCertificate", directory),
            User = reader.Text("User", null, MaxCredential),
            Password = reader.Text("Password", null, MaxCredential),
            PasswordFile = ConfigurationLoader.ExistingFile(reader, "PasswordFile", directory),
            From = reader.Required("From", "the address that mails are from", 254),
            Timeout = reader.Duration("Timeout", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(30)),
            Width = reader.Integer("Width", 1, 20, "connections at once", 2),
            FirstRetry = reader.Duration("FirstRetry", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), TimeSpan.FromSeconds(5)),
            LastRetry = reader.Duration("LastRetry", TimeSpan.FromSeconds(1), TimeSpan.FromHours(6), TimeSpan.FromMinutes(15)),
            Life = reader.Duration("Life", TimeSpan.FromMinutes(1), TimeSpan.FromDays(7), TimeSpan.FromDays(2)),
        };
        CheckMail(reader, options);
        reader.Finish();
        return options;
    }

    public static AlarmOptions Alarms(SectionReader reader, MailOptions? mail)
    {
        var usual = new AlarmOptions();
        var options = usual with
        {
            TextTo = reader.Texts("TextTo"),
            TextFrom = reader.Text("TextFrom", "", 20)!,
            TextChannels = reader.Texts("TextChannels"),
            MailTo = reader.Texts("MailTo"),
            Url = Address(reader, "Url"),
            Ping = Address(reader, "Ping") is { } ping ? new Uri(ping) : null,
            Remind = reader.Duration("Remind", TimeSpan.Zero, TimeSpan.FromDays(7), usual.Remind),
            DigestOver = reader.Integer("DigestOver", 1, 100, "alarms", usual.DigestOver),
            Every = reader.Duration("Every", TimeSpan.FromMilliseconds(200), TimeSpan.FromMinutes(1), usual.Every),
            ClearAfter = reader.Duration("ClearAfter", TimeSpan.Zero, TimeSpan.FromHours(1), usual.ClearAfter),
            Flap = reader.Duration("Flap", TimeSpan.Zero, TimeSpan.FromDays(1), usual.Flap),
            Rules = Rules(reader.Section("Rules")),
        };
        CheckTold(reader, options, mail);
        reader.Finish();
        return options;
    }

    private static void CheckMail(SectionReader reader, MailOptions options)
    {
        if (options.From.Length > 0 && !MailAddress.IsOne(options.From))
        {
            reader.Add("From", $"\"{options.From}\"", "allowed is a plain address such as strowger@example.com");
        }

        if (options is { User: null } and ({ Password: not null } or { PasswordFile: not null }))
        {
            reader.Add("User", null, "it is missing beside the password");
        }

        if (options is { Password: not null, PasswordFile: not null })
        {
            reader.Add("PasswordFile", $"\"{options.PasswordFile}\"", "it stands beside Password; only one of the two may be there");
        }

        if (options is { User: not null, Security: MailSecurity.None })
        {
            reader.Add("Security", "\"none\"", "a password is only said over TLS; allowed with User are starttls and tls");
        }

        if (options.LastRetry < options.FirstRetry)
        {
            reader.Add("LastRetry", DurationText.ToText(options.LastRetry), "it must not be shorter than FirstRetry");
        }
    }

    private static void CheckTold(SectionReader reader, AlarmOptions options, MailOptions? mail)
    {
        foreach (var number in options.TextTo.Where(number => !Msisdn.TryParse(Encoding.UTF8.GetBytes(number), out _, out _)))
        {
            reader.Add("TextTo", $"\"{number}\"", "allowed are numbers in E.164, such as +46701234567");
        }

        if (options.TextTo.Count > 0 && options.TextFrom.Length == 0)
        {
            reader.Add("TextFrom", null, "it is missing beside TextTo: a number, so that the text can be answered");
        }
        else if (options.TextFrom.Length > 0 && !Sender.TryParse(Encoding.UTF8.GetBytes(options.TextFrom), out _, out var wrong))
        {
            reader.Add("TextFrom", $"\"{options.TextFrom}\"", wrong!);
        }

        foreach (var address in options.MailTo.Where(address => !MailAddress.IsOne(address)))
        {
            reader.Add("MailTo", $"\"{address}\"", "allowed are plain addresses such as night@example.com");
        }

        if (options.MailTo.Count > 0 && mail is null)
        {
            reader.Add("MailTo", null, "there is no section Mail that says which server takes it");
        }

        foreach (var (key, count) in (ReadOnlySpan<(string, int)>)[("TextTo", options.TextTo.Count), ("MailTo", options.MailTo.Count), ("TextChannels", options.TextChannels.Count)])
        {
            if (count > MaxTold)
            {
                reader.Add(key, $"{count} entries", $"at most {MaxTold} are allowed");
            }
        }
    }

    private static Dictionary<string, AlarmRule> Rules(SectionReader reader)
    {
        var rules = new Dictionary<string, AlarmRule>();
        foreach (var info in AlarmRules.All)
        {
            var section = reader.Section(KeyOf(info.Name));
            if (section.IsEmpty)
            {
                continue;
            }

            rules[info.Name] = new AlarmRule(
                info.Name,
                section.Flag("Enabled", true),
                section.Duration("After", TimeSpan.Zero, AlarmRules.MaxAfter, info.Usual.After),
                info.Unit is null ? 0 : section.Number("Limit", info.From, info.To, info.Unit, info.Usual.Limit)!.Value);
            section.Finish();
        }

        reader.Finish();
        return rules;
    }

    /// <summary><c>bind_down</c> is <c>BindDown</c> in a file.</summary>
    private static string KeyOf(string rule) => string.Concat(rule.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static string? Address(SectionReader reader, string key)
    {
        var text = reader.Text(key, null, WebhookLimits.MaxUrl);
        if (text is not null && !WebhookSet.TryUrl(text, out _))
        {
            reader.Add(key, $"\"{text}\"", "allowed is a full address that begins with https:// or http://");
            return null;
        }

        return text;
    }

    /// <summary>The addresses and networks of the key <c>Allow</c>.</summary>
    internal static List<IPNetwork> Networks(SectionReader reader)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in reader.Texts("Allow"))
        {
            if (IPNetwork.TryParse(text, out var network))
            {
                networks.Add(network);
            }
            else if (IPAddress.TryParse(text, out var address))
            {
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else
            {
                reader.Add("Allow", $"\"{text}\"", "allowed are addresses and networks, such as 10.1.2.3, 10.1.0.0/16 or fd00::/8");
            }
        }

        if (networks.Count > MaxNetworks)
        {
            reader.Add("Allow", $"{networks.Count} entries", $"at most {MaxNetworks} are allowed");
        }

        return networks;
    }
}
