using System.Net;
using System.Security.Cryptography;
using System.Text;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.SmppDoor;
using Strowger.Smpp;

namespace Strowger.Server.Configuration;

/// <summary>Checks the section <c>Smpp</c>.</summary>
internal static class SmppReader
{
    private const int MaxChannelName = 64;

    /// <summary>Digits of an international number at most, or of the short codes that carriers hand out.</summary>
    private const int MaxPrefix = Msisdn.MaxDigits;

    private static readonly (string, MessagePriority?)[] _priorities = [("urgent", MessagePriority.Urgent), ("normal", MessagePriority.Normal), ("bulk", MessagePriority.Bulk)];

    public static SmppConfiguration Read(SectionReader reader, string directory)
    {
        var listen = Listen(reader);
        var items = reader.Items("Clients");
        var clients = new List<SmppClientConfiguration>();
        for (var i = 0; i < items.Count; i++)
        {
            var client = new SectionReader(items[i], $"Smpp:Clients:{i}", reader.Problems);
            if (items[i].Kind == NodeKind.Section)
            {
                clients.Add(Client(client, directory));
            }
        }

        if (items.Count > DoorLimits.MaxClients)
        {
            reader.Add("Clients", $"{items.Count} entries", $"at most {DoorLimits.MaxClients} are allowed");
        }

        foreach (var twice in clients.GroupBy(client => client.SystemId).Where(group => group.Key.Length > 0 && group.Count() > 1))
        {
            reader.Add("Clients", $"\"{twice.Key}\" {twice.Count()} times", "each has a SystemId of its own");
        }

        foreach (var twice in clients.SelectMany(client => client.Numbers.Distinct()).GroupBy(number => number).Where(group => group.Count() > 1))
        {
            reader.Add("Clients", $"Numbers \"{twice.Key}\" at {twice.Count()} of them", "incoming texts to a number go to one client");
        }

        if (listen is not null && items.Count == 0)
        {
            reader.Add("Clients", null, "it is missing: who may bind, such as [ { \"SystemId\": \"kannel\", \"Password\": \"...\" } ]");
        }
        else if (listen is null && items.Count > 0 && reader.Text("Listen") is null)
        {
            reader.Add("Listen", null, "it is missing: where clients bind, such as 127.0.0.1:2775");
        }

        var configuration = new SmppConfiguration
        {
            Listen = listen,
            Clients = clients,
            Certificate = ConfigurationLoader.ExistingFile(reader, "Certificate", directory),
            CertificateKey = ConfigurationLoader.ExistingFile(reader, "CertificateKey", directory),
        };
        CheckCertificate(reader, configuration);
        reader.Finish();
        return configuration;
    }

    private static void CheckCertificate(SectionReader reader, SmppConfiguration configuration)
    {
        if (configuration is { CertificateKey: not null, Certificate: null })
        {
            reader.Add("CertificateKey", null, "it needs Smpp:Certificate beside it");
        }

        if (configuration.Certificate is not { } certificate || !File.Exists(certificate) || (configuration.CertificateKey is { } key && !File.Exists(key)))
        {
            return;
        }

        try
        {
            SmppServerTls.Load(certificate, configuration.CertificateKey);
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            reader.Add("Certificate", $"\"{certificate}\"", $"it cannot be used: {error.Message}");
        }
    }

    private static IPEndPoint? Listen(SectionReader reader)
    {
        if (reader.Text("Listen") is not { } text)
        {
            return null;
        }

        var endPoint = ConfigurationLoader.EndPoint(text);
        if (endPoint is null)
        {
            reader.Add("Listen", $"\"{text}\"", "allowed is an address with a port, such as 127.0.0.1:2775, [::1]:2775 or 0.0.0.0:2775");
        }

        return endPoint;
    }

    private static SmppClientConfiguration Client(SectionReader reader, string directory)
    {
        var client = new SmppClientConfiguration
        {
            SystemId = SystemId(reader),
            Password = reader.Text("Password", null, SmppLimits.LenientCredentialBytes - 1),
            PasswordFile = ConfigurationLoader.ExistingFile(reader, "PasswordFile", directory),
            Binds = reader.Integer("Binds", 1, DoorLimits.MaxBinds, "binds", 4),
            Rate = reader.Number("Rate", 0.001, 10_000_000, "parts a second"),
            Window = reader.Integer("Window", 1, DoorLimits.MaxWindow, "parts", DoorLimits.MaxWindow),
            Allow = NotificationReader.Networks(reader),
            Channel = reader.Text("Channel", null, MaxChannelName),
            Priority = reader.Choice("Priority", _priorities, MessagePriority.Normal),
            Numbers = Numbers(reader),
        };
        CheckPassword(reader, client);
        reader.Finish();
        return client;
    }

    private static string SystemId(SectionReader reader)
    {
        var name = reader.Required("SystemId", "the name that the client binds with", SmppLimits.SystemIdBytes - 1);
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            reader.Add("SystemId", $"\"{name}\"", "allowed are a-z, A-Z, 0-9, '-', '_' and '.'");
        }

        return name;
    }

    private static List<string> Numbers(SectionReader reader)
    {
        var numbers = new List<string>();
        foreach (var text in reader.Texts("Numbers"))
        {
            if (text.Length is 0 or > MaxPrefix || !text.All(char.IsAsciiDigit))
            {
                reader.Add("Numbers", $"\"{text}\"", $"allowed are the leading digits of your numbers, 1 to {MaxPrefix}, such as \"4670123\" or \"72001\"");
                continue;
            }

            numbers.Add(text);
        }

        if (numbers.Count > DoorLimits.MaxNumbers)
        {
            reader.Add("Numbers", $"{numbers.Count} entries", $"at most {DoorLimits.MaxNumbers} are allowed");
        }

        return numbers;
    }

    private static void CheckPassword(SectionReader reader, SmppClientConfiguration client)
    {
        if (client is { Password: not null, PasswordFile: not null })
        {
            reader.Add("PasswordFile", $"\"{client.PasswordFile}\"", "it stands beside Password; only one of the two may be there");
            return;
        }

        try
        {
            if (Encoding.UTF8.GetByteCount(client.ReadPassword()) is 0 or >= SmppLimits.LenientCredentialBytes)
            {
                reader.Add("Password", null, $"it is missing or too long: 1 to {SmppLimits.LenientCredentialBytes - 1} octets here or in the first line of PasswordFile; many clients send no more than {SmppLimits.PasswordBytes - 1}");
            }
        }
        catch (FileNotFoundException)
        {
            // Said already.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            reader.Add("PasswordFile", $"\"{client.PasswordFile}\"", $"it cannot be read: {error.Message.TrimEnd('.')}. It has to be readable for {Environment.UserName}");
        }
    }
}
