using System.Net;
using System.Security.Cryptography;
using Strowger.Features.Messaging.SmppDoor;
using Strowger.Smpp;

namespace Strowger.Server.Configuration;

/// <summary>Checks the section <c>Smpp</c>.</summary>
internal static class SmppReader
{
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
                clients.Add(SmppClientReader.OfFile(client, directory));
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

        if (listen is null && items.Count > 0 && reader.Text("Listen") is null)
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
}
