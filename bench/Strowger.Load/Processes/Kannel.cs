using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Strowger.Load.Machine;

namespace Strowger.Load.Processes;

/// <summary>
/// Kannel's bearerbox and smsbox as its users run them, without a store: the peer beside which we measure. Speaks HTTP sendsms on
/// one side and SMPP on the other.
/// </summary>
internal sealed class Kannel : IAsyncDisposable
{
    private const string Bearerbox = "/usr/sbin/bearerbox";
    private const string Smsbox = "/usr/sbin/smsbox";
    private static readonly TimeSpan _startLimit = TimeSpan.FromSeconds(20);

    private readonly ChildProgram _bearerbox;
    private readonly ChildProgram _smsbox;

    private Kannel(ChildProgram bearerbox, ChildProgram smsbox, IPEndPoint http)
    {
        _bearerbox = bearerbox;
        _smsbox = smsbox;
        Http = http;
    }

    public static bool IsInstalled => File.Exists(Bearerbox) && File.Exists(Smsbox);

    /// <summary>Where sendsms is.</summary>
    public IPEndPoint Http { get; }

    public double CpuSeconds => ProcessUse.CpuSeconds(_bearerbox.Id) + ProcessUse.CpuSeconds(_smsbox.Id);

    /// <param name="run">Whose directory holds its files.</param>
    /// <param name="carrier">Where the carrier listens.</param>
    /// <param name="window">max-pending-submits of each of the four binds.</param>
    /// <param name="throughput">Texts a second a bind; null leaves it out.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<Kannel> StartAsync(LoadRun run, int carrier, int window, int? throughput, CancellationToken ct)
    {
        var directory = run.NewDirectory("kannel");
        var (admin, box, http) = (FreePort(), FreePort(), FreePort());
        var file = Path.Combine(directory, "kannel.conf");
        await File.WriteAllTextAsync(file, Configuration(admin, box, http, carrier, window, throughput), ct).ConfigureAwait(false);
        var bearerbox = ChildProgram.Start(Bearerbox, ["-v", "4", file]);
        ChildProgram? smsbox = null;
        try
        {
            await ListensAsync(bearerbox, box, ct).ConfigureAwait(false);
            smsbox = ChildProgram.Start(Smsbox, ["-v", "4", file]);
            await ListensAsync(smsbox, http, ct).ConfigureAwait(false);
            return new Kannel(bearerbox, smsbox, new IPEndPoint(IPAddress.Loopback, http));
        }
        catch
        {
            await bearerbox.DisposeAsync().ConfigureAwait(false);
            if (smsbox is not null)
            {
                await smsbox.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _smsbox.DisposeAsync().ConfigureAwait(false);
        await _bearerbox.DisposeAsync().ConfigureAwait(false);
    }

    private static string Configuration(int admin, int box, int http, int carrier, int window, int? throughput)
    {
        var limit = throughput is { } perBind ? string.Create(CultureInfo.InvariantCulture, $"throughput = {perBind}\n") : "";
        return string.Create(CultureInfo.InvariantCulture, $"""
            group = core
            admin-port = {admin}
            admin-interface = 127.0.0.1
            admin-password = bench
            smsbox-port = {box}
            smsbox-interface = 127.0.0.1
            box-allow-ip = 127.0.0.1
            log-level = 4
            dlr-storage = internal

            group = smsc
            smsc = smpp
            smsc-id = sim
            host = 127.0.0.1
            port = {carrier}
            transceiver-mode = true
            smsc-username = kannel
            smsc-password = bench
            system-type = VMA
            instances = 4
            max-pending-submits = {window}
            enquire-link-interval = 30
            {limit}
            group = smsbox
            bearerbox-host = 127.0.0.1
            sendsms-port = {http}
            sendsms-interface = 127.0.0.1
            log-level = 4

            group = sendsms-user
            username = bench
            password = bench
            max-messages = 10

            """);
    }

    private static async Task ListensAsync(ChildProgram program, int port, CancellationToken ct)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), ct).ConfigureAwait(false);
                return;
            }
            catch (SocketException)
            {
                if (program.HasExited || Stopwatch.GetElapsedTime(start) > _startLimit)
                {
                    throw new IOException("Kannel did not start: " + program.LastWords());
                }

                await Task.Delay(100, ct).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Free now: Kannel takes no port 0.</summary>
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
