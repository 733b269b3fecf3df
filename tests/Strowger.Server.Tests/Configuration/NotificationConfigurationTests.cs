using Strowger.Features.Notifications.Alarms;
using Strowger.Features.Notifications.Mail;
using Strowger.Server.Configuration;

namespace Strowger.Server.Tests.Configuration;

/// <summary>Sections Webhooks, Mail and Alarms.</summary>
public sealed class NotificationConfigurationTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("strowger-configuration-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void What_is_documented_is_read()
    {
        var configuration = Load(
            """
            { "Webhooks": { "Allow": ["10.1.0.0/16", "127.0.0.1"], "PerHost": 8 },
              "Mail": { "Host": "mail.example.com", "Security": "tls", "User": "me", "Password": "geheim", "From": "strowger@example.com" },
              "Alarms": { "TextTo": ["+46701112233"], "TextFrom": "12345", "MailTo": ["night@example.com"], "Ping": "https://ping.example/x",
                          "Rules": { "Eta": { "Limit": 60, "After": "5s" }, "Disk": { "Enabled": false } } } }
            """).Value!;
        Assert.Equal((8, 2), (configuration.Webhooks.PerHost, configuration.Webhooks.Allow.Count));
        Assert.Equal((465, MailSecurity.Tls), (configuration.Mail!.Port, configuration.Mail.Security));
        Assert.DoesNotContain("geheim", configuration.Mail.ToString(), StringComparison.Ordinal);
        Assert.Equal((60, TimeSpan.FromSeconds(5)), (configuration.Alarms.Rules[AlarmRules.Eta].Limit, configuration.Alarms.Rules[AlarmRules.Eta].After));
        Assert.False(configuration.Alarms.Rules[AlarmRules.Disk].Enabled);
        Assert.Null(Load("{}").Value!.Mail);
    }

    [Fact]
    public void All_mistakes_come_together()
    {
        var problems = Load(
            """
            { "Webhooks": { "Allow": ["ten"], "FirstRetry": "1h", "LastRetry": "1s" },
              "Mail": { "Security": "none", "User": "me", "Password": "geheim", "From": "nobody" },
              "Alarms": { "TextTo": ["0701112233"], "MailTo": ["night"], "Ping": "ftp://x", "Rules": { "Rain": {}, "BindDown": { "Limit": 3, "After": "2d" } } } }
            """).Problems.Select(problem => problem.ToString()).ToArray();
        foreach (var key in (string[])["Webhooks:Allow", "Webhooks:LastRetry", "Mail:Host", "Mail:From", "Mail:Security", "Alarms:TextTo", "Alarms:TextFrom", "Alarms:MailTo", "Alarms:Ping", "Alarms:Rules:Rain", "Alarms:Rules:BindDown:Limit", "Alarms:Rules:BindDown:After"])
        {
            Assert.Contains(problems, problem => problem.StartsWith(key + " ", StringComparison.Ordinal));
        }

        Assert.Equal(12, problems.Length);
        Assert.All(problems, problem => Assert.DoesNotContain("geheim", problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Mails_of_alarms_need_a_mail_server() =>
        Assert.StartsWith("Alarms:MailTo ", Load("""{ "Alarms": { "MailTo": ["night@example.com"] } }""").Problems.Single().ToString(), StringComparison.Ordinal);

    private ConfigurationResult Load(string file)
    {
        File.WriteAllText(Path.Combine(_directory, "strowger.json"), file);
        return ConfigurationLoader.Load(new ConfigurationSources { WorkingDirectory = _directory });
    }
}
