using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Strowger.Engine;
using Strowger.Records;
using Strowger.Server.Cli;
using Strowger.Server.Cli.Doctor;
using Strowger.Server.Configuration;

namespace Strowger.Server.Tests.Cli;

/// <summary>Each finding, and that it says what to do.</summary>
public sealed class DoctorTests : IDisposable
{
    private static readonly DateTimeOffset _now = new(2030, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void No_finding_is_without_advice_unless_it_is_good()
    {
        Assert.Null(new Finding("x", Verdict.Good, "y").Advice);
        Assert.Throws<ArgumentException>(() => new Finding("x", Verdict.Wrong, "y"));
        Assert.Throws<ArgumentException>(() => new Finding("x", Verdict.Doubtful, "y", ""));
    }

    [Fact]
    public async Task Mistakes_of_the_configuration_are_told_with_what_is_allowed()
    {
        _cli.Write("strowger.json", """{ "Channels": [ { "Name": "a", "Kind": "smpp", "Host": "h", "SystemId": "s", "PasswordFile": "none.txt" } ], "Http": { "Certificate": "none.pem" } }""");

        Assert.Equal(ExitCode.Configuration, await _cli.RunAsync("doctor", "--json"));

        var advice = JsonDocument.Parse(_cli.Out).RootElement.EnumerateArray().Where(f => f.GetProperty("what").GetString() == "configuration")
            .Select(f => f.GetProperty("detail").GetString() + " -> " + f.GetProperty("advice").GetString()).ToArray();
        Assert.Contains(advice, line => line.Contains("PasswordFile", StringComparison.Ordinal) && line.Contains("has to be readable for " + Environment.UserName, StringComparison.Ordinal));
        Assert.Contains(advice, line => line.Contains("Http:Certificate", StringComparison.Ordinal) && line.Contains("put it there", StringComparison.Ordinal));
    }

    [Fact]
    public void Ports_in_use_or_of_no_address_of_this_machine_are_told()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = (IPEndPoint)taken.LocalEndpoint;

        Is(NetworkExamination.Port("Http", port, isRunning: false), "HTTP port", Verdict.Wrong, $"ss -ltnp 'sport = :{port.Port}'");
        Is(NetworkExamination.Port("Smpp", port, isRunning: false), "SMPP port", Verdict.Wrong, "set Smpp:Listen");
        Is(NetworkExamination.Port("Http", port, isRunning: true), "HTTP port", Verdict.Good);
        Is(NetworkExamination.Port("Http", new IPEndPoint(IPAddress.Parse("192.0.2.1"), 8080), isRunning: false), "HTTP port", Verdict.Wrong, "ip addr");
        Is(NetworkExamination.Port("Http", new IPEndPoint(IPAddress.Loopback, 0), isRunning: false), "HTTP port", Verdict.Good);
    }

    [Fact]
    public async Task A_port_is_not_taken_for_the_servers_own_because_a_kill_left_its_socket()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await File.WriteAllTextAsync(_cli.Socket, "", TestContext.Current.CancellationToken);
        _cli.Write("strowger.json", $$"""{ "Smpp": { "Listen": "{{taken.LocalEndpoint}}", "Clients": [ { "SystemId": "s", "Password": "p" } ] }, "Http": { "Listen": "127.0.0.1:0" } }""");

        Assert.Equal(ExitCode.Failed, await _cli.RunAsync("doctor"));

        Assert.Contains("WRONG SMPP port", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("ok    HTTP port", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Carriers_that_cannot_be_reached_are_told()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        var ct = TestContext.Current.CancellationToken;

        Is(await NetworkExamination.CarrierAsync(Channel("127.0.0.1", port), ct), "carrier a", Verdict.Wrong, "check Port");
        Is(await NetworkExamination.CarrierAsync(Channel("carrier.invalid", port), ct), "carrier a", Verdict.Wrong, "check Host");
        Is(await BindExamination.TryAsync(Channel("127.0.0.1", port) with { Password = null, PasswordFile = Path.Combine(_cli.Directory, "gone") }, ct), "bind a", Verdict.Wrong, "readable for " + Environment.UserName);
    }

    [Fact]
    public void Certificates_that_are_over_or_nearly_or_not_yet_are_told()
    {
        Is(Https(-10, 90), "certificate", Verdict.Good);
        Is(Https(-10, -1), "certificate", Verdict.Wrong, "renew it and restart");
        Is(Https(-10, 5), "certificate", Verdict.Doubtful, "renew it, then restart");
        Is(Https(1, 90), "certificate", Verdict.Wrong, "check the clock");
        var (path, key) = Pem(-10, 90);
        File.Delete(key);
        Is(Assert.Single(CertificateExamination.Run(Configured() with { Http = new() { Certificate = path, CertificateKey = key } }, _now)), "certificate", Verdict.Wrong, "set Http:Certificate");
        Is(Assert.Single(CertificateExamination.Run(Configured() with { Smpp = new() { Certificate = path, CertificateKey = key } }, _now)), "SMPP certificate", Verdict.Wrong, "set Smpp:Certificate");
        (path, key) = Pem(-10, -1);
        Is(Assert.Single(CertificateExamination.Run(Configured() with { Smpp = new() { Certificate = path, CertificateKey = key } }, _now)), "SMPP certificate", Verdict.Wrong, "renew it");
        Is(OfCarrier(path), "certificate of a", Verdict.Wrong, "ask the carrier for the one it shows now");
        Is(OfCarrier(Pem(-10, 5).Path), "certificate of a", Verdict.Doubtful, "its next one");
        Is(OfCarrier(Path.Combine(_cli.Directory, "gone.pem")), "certificate of a", Verdict.Wrong, "set TlsTrustedCertificate");

        Finding Https(int from, int to) => Pem(from, to) is var pem ? Assert.Single(CertificateExamination.Run(Configured() with { Http = new() { Certificate = pem.Path, CertificateKey = pem.Key } }, _now)) : null!;

        Finding OfCarrier(string trusted) =>
            Assert.Single(CertificateExamination.Run(Configured() with { Channels = [Channel("h", 1) with { Tls = true, TlsTrustedCertificate = trusted }] }, _now));
    }

    [Fact]
    public void A_disk_that_is_slow_or_lies_or_is_nearly_full_is_told()
    {
        Is(DiskExamination.Sync([0.1, 0.3, 9]), "disk sync", Verdict.Good);
        Is(DiskExamination.Sync([6, 7, 8]), "disk sync", Verdict.Doubtful, "SSD");
        Is(DiskExamination.Sync([0.001, 0.002, 0.003]), "disk sync", Verdict.Doubtful, "a power cut may lose texts");
        Is(DiskExamination.Room(100L << 30), "disk room", Verdict.Good);
        Is(DiskExamination.Room(1L << 30), "disk room", Verdict.Doubtful, "make room");
        File.WriteAllText(Path.Combine(_cli.Directory, "file"), "");
        Is(DiskExamination.Run(Path.Combine(_cli.Directory, "file")).First(), "data directory", Verdict.Wrong, "--data DIR");
    }

    [Fact]
    public void A_data_directory_that_is_not_whole_or_open_to_all_is_told()
    {
        var data = Directory.CreateDirectory(Path.Combine(_cli.Directory, "whole")).FullName;
        Assert.Empty(DataExamination.Run(data));
        Directory.CreateDirectory(Path.Combine(data, ".restoring"));
        Is(Assert.Single(DataExamination.Run(data)), "data format", Verdict.Wrong, "strowger restore");
        Directory.Delete(Path.Combine(data, ".restoring"));

        var settings = Path.Combine(data, "settings.db");
        File.WriteAllText(settings, "");
        File.SetUnixFileMode(settings, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Is(Assert.Single(DataExamination.Run(data)), "data rights", Verdict.Doubtful, "chmod 600 " + settings);
        File.SetUnixFileMode(settings, UnixFileMode.UserRead);
        Is(Assert.Single(DataExamination.Run(data)), "data rights", Verdict.Good);

        var journal = Directory.CreateDirectory(Path.Combine(data, "journal")).FullName;
        File.SetUnixFileMode(data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        Is(DataExamination.Run(data).Last(), "data rights", Verdict.Doubtful, "chmod 700 " + data);
        Is(DataExamination.Run(data).First(), "data format", Verdict.Good);
    }

    [Fact]
    public async Task A_journal_of_a_newer_program_or_with_a_gap_is_told()
    {
        var data = Path.Combine(_cli.Directory, "kept");
        await using (var engine = JobEngine.Open(new EngineOptions { Directory = data, SegmentBytes = 2 << 20 }, TimeProvider.System, new Random(1)))
        {
            var events = new EventBatch();
            while (Directory.GetFiles(Path.Combine(data, "journal"), "*.seg").Length < 4)
            {
                events.Clear();
                for (var i = 0; i < 100; i++)
                {
                    events.Add(default, 100, new byte[EngineLimits.MaxEntryDataBytes]);
                }

                await engine.WaitDurableAsync(engine.Append(events), TestContext.Current.CancellationToken);
            }
        }

        Is(DataExamination.Run(data).First(), "data format", Verdict.Good);
        var segments = Directory.GetFiles(Path.Combine(data, "journal"), "*.seg").Order(StringComparer.Ordinal).ToArray();
        File.Move(segments[1], segments[1] + ".away");
        Is(DataExamination.Run(data).First(), "data format", Verdict.Wrong, "put it back from a backup");
        File.Move(segments[1] + ".away", segments[1]);
        SetVersion(segments[1], 99);
        Is(DataExamination.Run(data).First(), "data format", Verdict.Wrong, "install the Strowger that wrote it");
    }

    [Fact]
    public void A_clock_that_went_back_is_told_and_a_limit_of_files()
    {
        var data = Directory.CreateDirectory(Path.Combine(_cli.Directory, "clock")).FullName;
        Is(MachineExamination.Clock(data, DateTimeOffset.UnixEpoch), "clock", Verdict.Wrong, "timedatectl");
        File.WriteAllText(Path.Combine(data, "later"), "");
        File.SetLastWriteTimeUtc(Path.Combine(data, "later"), _now.UtcDateTime.AddHours(1));
        Is(MachineExamination.Clock(data, _now), "clock", Verdict.Doubtful, "timedatectl");

        Is(MachineExamination.OpenFiles(65_536), "open files", Verdict.Good);
        Is(MachineExamination.OpenFiles(1024), "open files", Verdict.Doubtful, "LimitNOFILE");
        Is(MachineExamination.OpenFiles(null), "open files", Verdict.Doubtful, "LimitNOFILE");
    }

    [Fact]
    public void System_libraries_that_are_missing_are_told()
    {
        Is(Examination.Library(() => "3.40.1"), "SQLite", Verdict.Good);
        Is(Examination.Library(() => throw new RecordsException("apt-get install libsqlite3-0")), "SQLite", Verdict.Wrong, "apt-get install");
        Is(Examination.TlsLibrary(() => SafeEvpPKeyHandle.OpenSslVersion), "OpenSSL", Verdict.Good);
        Is(Examination.TlsLibrary(() => throw new DllNotFoundException()), "OpenSSL", Verdict.Wrong, "apt install");
        Assert.Contains("3.0.17", Examination.TlsLibrary(() => 0x30000110).Detail, StringComparison.Ordinal);
    }

    private static void Is(Finding finding, string what, Verdict verdict, string advice = "")
    {
        Assert.Equal((what, verdict), (finding.What, finding.Verdict));
        Assert.Contains(advice, finding.Advice ?? "", StringComparison.Ordinal);
    }

    private static ServerConfiguration Configured() => new() { DataDirectory = "/nowhere" };

    private static ChannelConfiguration Channel(string host, int port) => new() { Name = "a", Kind = ChannelKind.Smpp, Host = host, Port = port, SystemId = "s", Password = "p" };

    /// <summary>docs/formats/journal.md: the version at 8, the checksum of the 32 octets before it at 32.</summary>
    private static void SetVersion(string segment, int version)
    {
        using var file = File.OpenHandle(segment, FileMode.Open, FileAccess.ReadWrite);
        var header = new byte[36];
        RandomAccess.Read(file, header, 0);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), version);
        var crc = header.Take(32).Aggregate(uint.MaxValue, BitOperations.Crc32C);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(32), ~crc);
        RandomAccess.Write(file, header, 0);
    }

    /// <summary>A certificate signed by itself, from and to so many days from now.</summary>
    private (string Path, string Key) Pem(int from, int to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=sms.example", key, HashAlgorithmName.SHA256).CreateSelfSigned(_now.AddDays(from), _now.AddDays(to));
        var name = string.Create(CultureInfo.InvariantCulture, $"{from}-{to}");
        var path = Path.Combine(_cli.Directory, name + ".pem");
        File.WriteAllText(path, certificate.ExportCertificatePem());
        File.WriteAllText(path + ".key", key.ExportPkcs8PrivateKeyPem());
        return (path, path + ".key");
    }
}
