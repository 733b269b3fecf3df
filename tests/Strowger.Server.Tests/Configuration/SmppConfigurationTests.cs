using System.Net;
using Strowger.Features.Messaging;
using Strowger.Server.Configuration;

namespace Strowger.Server.Tests.Configuration;

public sealed class SmppConfigurationTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("strowger-smpp-configuration-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void The_documented_section_is_read_whole()
    {
        File.WriteAllText(Path.Combine(_directory, "kannel.pw"), "hunter2\n");
        var smpp = Load(
            """
            { "Smpp": { "Listen": "127.0.0.1:2775",
                        "Clients": [ { "SystemId": "kannel", "PasswordFile": "kannel.pw", "Binds": 2, "Rate": 200, "Window": 100, "Allow": ["10.1.0.0/16", "::1"],
                                       "Channel": "a", "Priority": "bulk", "Numbers": ["72001"] }, { "system_id": "other", "Password": "x" } ] } }
            """).Value!.Smpp;

        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 2775), smpp.Listen);
        var client = smpp.Clients[0].ToSettings();
        Assert.Equal(("kannel", "hunter2", 2, 200.0, 100, "a", MessagePriority.Bulk), (client.SystemId, client.Password, client.Binds, client.Rate!.Value, client.Window, client.Channel, client.Priority));
        Assert.Equal((2, "72001"), (client.Allow.Count, Assert.Single(client.Numbers)));
        Assert.DoesNotContain("hunter2", client.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_it_there_is_no_door()
    {
        var smpp = Load("{}").Value!.Smpp;
        Assert.Null(smpp.ToOptions([]));
    }

    [Fact]
    public void All_mistakes_come_together()
    {
        File.WriteAllText(Path.Combine(_directory, "none.pem"), "nothing");
        var problems = Load(
            """
            { "Smpp": { "Listen": "somewhere", "Certificate": "none.pem",
                        "Clients": [ { "SystemId": "much too long a name", "Password": "x" }, { "SystemId": "a b", "Password": "x", "Rate": 0, "Numbers": ["+46"] },
                                     { "SystemId": "c", "Password": "x", "PasswordFile": "gone", "Priority": "soon" },
                                     { "SystemId": "d", "Password": "p1", "Numbers": ["1"] }, { "SystemId": "d", "Password": "p2", "Numbers": ["1"] } ] } }
            """).Problems.Select(problem => problem.Key).Order(StringComparer.Ordinal).ToArray();

        string[] expected =
        [
            "Smpp:Certificate", "Smpp:Clients", "Smpp:Clients", "Smpp:Clients:0:SystemId", "Smpp:Clients:1:Numbers", "Smpp:Clients:1:Rate", "Smpp:Clients:1:SystemId",
            "Smpp:Clients:2:PasswordFile", "Smpp:Clients:2:PasswordFile", "Smpp:Clients:2:Priority", "Smpp:Listen",
        ];
        Assert.Equal(expected, problems);
        Assert.Empty(Load("""{ "Smpp": { "Listen": "127.0.0.1:0" } }""").Problems);
        Assert.Equal(["Smpp:Clients:0:PasswordHash"], Load("""{ "Smpp": { "Listen": "127.0.0.1:0", "Clients": [ { "SystemId": "a", "PasswordHash": "no hash" } ] } }""").Problems.Select(problem => problem.Key));
        Assert.Equal(["Smpp:Listen"], Load("""{ "Smpp": { "Clients": [ { "SystemId": "a", "Password": "x" } ] } }""").Problems.Select(problem => problem.Key));
    }

    private ConfigurationResult Load(string json)
    {
        File.WriteAllText(Path.Combine(_directory, "strowger.json"), json);
        return ConfigurationLoader.Load(new ConfigurationSources { WorkingDirectory = _directory });
    }
}
