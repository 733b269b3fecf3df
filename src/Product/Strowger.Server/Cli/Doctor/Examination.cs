using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Strowger.Features.Notifications.Mail;
using Strowger.Records;
using Strowger.Records.Sqlite;
using Strowger.Server.Configuration;

namespace Strowger.Server.Cli.Doctor;

/// <summary>Looks at everything a server needs, one after the other.</summary>
internal static class Examination
{
    public const string Configuration = "configuration";

    /// <param name="sources">Of the configuration.</param>
    /// <param name="now">By this machine's clock.</param>
    /// <param name="ct">Ends it.</param>
    public static async IAsyncEnumerable<Finding> RunAsync(ConfigurationSources sources, DateTimeOffset now, [EnumeratorCancellation] CancellationToken ct)
    {
        var result = ConfigurationLoader.Load(sources);
        foreach (var problem in result.Problems)
        {
            yield return new Finding(Configuration, Verdict.Wrong, $"{problem.Key} ({problem.Source}){(problem.Found is null ? "" : ": found " + problem.Found)}", problem.Allowed);
        }

        if (result.Value is { } configuration)
        {
            yield return new Finding(Configuration, Verdict.Good, configuration.ToString());
        }

        var data = result.Value?.DataDirectory ?? Path.GetFullPath(sources.DataDirectory ?? GlobalOptions.DefaultData, sources.WorkingDirectory);
        yield return Library(SqliteLibrary.EnsureLoaded);
        foreach (var finding in DiskExamination.Run(data))
        {
            yield return finding;
        }

        foreach (var finding in DataExamination.Run(data))
        {
            yield return finding;
        }

        yield return MachineExamination.Clock(data, now);
        yield return MachineExamination.OpenFiles();
        if (result.Value is not { } usable)
        {
            yield break;
        }

        if (UsesTls(usable))
        {
            yield return TlsLibrary(() => SafeEvpPKeyHandle.OpenSslVersion);
        }

        // Null when no server runs on this data directory.
        var binds = await AskServerAsync(usable, ct);
        yield return NetworkExamination.Port("Http", usable.Http.Listen, binds is not null);
        if (usable.Smpp.Listen is { } smpp)
        {
            yield return NetworkExamination.Port("Smpp", smpp, binds is not null);
        }

        foreach (var finding in CertificateExamination.Run(usable, now))
        {
            yield return finding;
        }

        await foreach (var finding in CarriersAsync(usable, binds, ct))
        {
            yield return finding;
        }
    }

    private static async IAsyncEnumerable<Finding> CarriersAsync(ServerConfiguration usable, List<Finding>? binds, [EnumeratorCancellation] CancellationToken ct)
    {
        if (binds is not null)
        {
            foreach (var finding in binds)
            {
                yield return finding;
            }

            yield break;
        }

        foreach (var channel in usable.Channels.Where(channel => channel.Kind == ChannelKind.Smpp))
        {
            var reached = await NetworkExamination.CarrierAsync(channel, ct);
            yield return reached;
            if (reached.Verdict == Verdict.Good)
            {
                yield return await BindExamination.TryAsync(channel, ct);
            }
        }
    }

    /// <summary>Null when none runs on this data directory.</summary>
    private static async Task<List<Finding>?> AskServerAsync(ServerConfiguration usable, CancellationToken ct)
    {
        var socket = Path.Combine(usable.DataDirectory, ApiClient.SocketName);
        if (!File.Exists(socket))
        {
            return null;
        }

        try
        {
            using var api = ApiClient.OverSocket(socket);
            var findings = new List<Finding>();
            await foreach (var finding in BindExamination.OfServerAsync(api, ct))
            {
                findings.Add(finding);
            }

            return findings;
        }
        catch (ApiException)
        {
            // Left behind by a kill.
            return null;
        }
    }

    private static bool UsesTls(ServerConfiguration configuration) =>
        configuration.Http.Certificate is not null || configuration.Smpp.Certificate is not null || configuration.Channels.Any(channel => channel.Tls)
        || configuration.Mail is { Security: not MailSecurity.None };

    /// <param name="load">Returns its version.</param>
    internal static Finding Library(Func<string> load)
    {
        try
        {
            return new Finding("SQLite", Verdict.Good, $"libsqlite3.so.0 version {load()}");
        }
        catch (RecordsException error)
        {
            return new Finding("SQLite", Verdict.Wrong, "the system library cannot be used", error.Message);
        }
    }

    /// <param name="load">Returns its version as a number: 0xMNN00PP0.</param>
    internal static Finding TlsLibrary(Func<long> load)
    {
        try
        {
            var version = load();
            return new Finding("OpenSSL", Verdict.Good, string.Create(CultureInfo.InvariantCulture, $"libssl version {version >> 28 & 0xF}.{version >> 20 & 0xFF}.{version >> 4 & 0xFF}"));
        }
        catch (Exception error) when (error is TypeInitializationException or DllNotFoundException or PlatformNotSupportedException or EntryPointNotFoundException)
        {
            return new Finding("OpenSSL", Verdict.Wrong, "the system library, which TLS needs, cannot be used", "apt install libssl3 (or its like: the runtime looks for libssl.so.3)");
        }
    }
}
