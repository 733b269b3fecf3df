using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Doors;

/// <summary>What systemd hears of a service of Type=notify with a watchdog, and what a program that gathers logs reads.</summary>
public sealed class SystemdTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_service_manager_hears_of_readiness_life_and_end()
    {
        using var directory = new TempDirectory();
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(directory.File("notify")));
        await using var server = await StrowgerProcess.StartAsync(
            directory.File("data"), environment: new Dictionary<string, string> { ["NOTIFY_SOCKET"] = directory.File("notify"), ["WATCHDOG_USEC"] = "300000" });

        Assert.StartsWith("READY=1\n", await NextAsync(manager), StringComparison.Ordinal);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("WATCHDOG=1", await NextAsync(manager));
        }

        Assert.Equal(0, await server.StopAsync());
        string said;
        do
        {
            said = await NextAsync(manager);
        }
        while (said == "WATCHDOG=1");
        Assert.StartsWith("STOPPING=1\n", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_line_of_a_JSON_log_is_an_object()
    {
        using var directory = new TempDirectory();
        await using var server = await StrowgerProcess.StartAsync(directory.File("data"), more: ["--set", "Log:Format=json"]);
        Assert.Equal(0, await server.StopAsync());
        var lines = server.Log.All.Where(l => !l.StartsWith("ready ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(lines);
        Assert.All(lines, l => Assert.True(JsonDocument.Parse(l).RootElement.TryGetProperty("LogLevel", out _), l));
    }

    private static async Task<string> NextAsync(Socket manager)
    {
        var buffer = new byte[1024];
        using var limit = new CancellationTokenSource(_patience);
        return Encoding.UTF8.GetString(buffer, 0, await manager.ReceiveAsync(buffer, limit.Token));
    }
}
