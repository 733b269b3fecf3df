using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Peers;

/// <summary>A mail as the server has put it into its mailbox.</summary>
internal sealed record ReceivedMail(string Headers, string Text)
{
    public string Subject => Regex.Match(Headers, @"^Subject: (.*)$", RegexOptions.Multiline).Groups[1].Value;
}

/// <summary>Exim 4 of Debian: STARTTLS on one port, TLS from the start on another, a login before anything is taken, one mailbox for all.</summary>
internal sealed partial class Exim : IAsyncDisposable
{
    public const string User = "strowger";
    public const string Password = "geheim";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly TempDirectory _directory = new();
    private ChildProcess? _daemon;

    private Exim()
    {
    }

    public int StartTlsPort { get; } = Ports.Free();

    public int TlsPort { get; } = Ports.Free();

    /// <summary>What a client has to trust.</summary>
    public string Certificate => _directory.File("cert.pem");

    public static async Task<Exim> StartAsync()
    {
        var program = Peer.Need("exim4", "exim4-daemon-light");
        var exim = new Exim();
        try
        {
            // Exim gives up root for a user of its own, who writes here.
            File.SetUnixFileMode(exim._directory.Path, (UnixFileMode)0b111_111_111);
            exim.WriteCertificate();
            var config = exim._directory.Write("exim.conf", exim.Configuration());
            exim._daemon = ChildProcess.Start(program, ["-C", config, "-bdf"]);
            await Eventually.TrueAsync("exim listens", _patience, async () => File.Exists(exim._directory.File("mainlog"))
                && (await File.ReadAllTextAsync(exim._directory.File("mainlog"))).Contains("listening for SMTP", StringComparison.Ordinal));
            return exim;
        }
        catch
        {
            await exim.DisposeAsync();
            throw;
        }
    }

    /// <summary>All mails so far.</summary>
    public async Task<IReadOnlyList<ReceivedMail>> MailsAsync()
    {
        var path = _directory.File("mailbox");
        if (!File.Exists(path))
        {
            return [];
        }

        var text = await File.ReadAllTextAsync(path);
        return [.. Separator().Split(text).Where(mail => mail.Contains("\n\n", StringComparison.Ordinal)).Select(Parse)];
    }

    public Task<ReceivedMail> MailAsync(string what, Func<ReceivedMail, bool> fits) =>
        Eventually.GetAsync($"the mailbox has {what}", _patience, async () => (await MailsAsync()).FirstOrDefault(fits)!, mail => mail is not null);

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }

        _directory.Dispose();
    }

    private static ReceivedMail Parse(string mail)
    {
        var at = mail.IndexOf("\n\n", StringComparison.Ordinal);
        var (headers, body) = (mail[..at], mail[(at + 2)..].Replace("\n", "", StringComparison.Ordinal));
        return new ReceivedMail(headers, headers.Contains("base64", StringComparison.Ordinal) ? Encoding.UTF8.GetString(Convert.FromBase64String(body)) : body);
    }

    private void WriteCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        _directory.Write("cert.pem", certificate.ExportCertificatePem());
        _directory.Write("key.pem", key.ExportPkcs8PrivateKeyPem());
    }

    private string Configuration() => """
        keep_environment =
        primary_hostname = mail.example.com
        spool_directory = @DIR@/spool
        log_file_path = @DIR@/%slog
        pid_file_path = @DIR@/exim.pid
        local_interfaces = 127.0.0.1
        daemon_smtp_ports = @STARTTLS@ : @TLS@
        tls_on_connect_ports = @TLS@
        tls_advertise_hosts = *
        tls_certificate = @DIR@/cert.pem
        tls_privatekey = @DIR@/key.pem
        auth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}
        host_lookup =
        rfc1413_hosts =
        acl_smtp_rcpt = rcpt
        acl_smtp_data = accept
        begin acl
        rcpt:
          deny !authenticated = *
               message = log in first
          accept domains = example.com
          deny message = no such domain
        begin routers
        all:
          driver = accept
          transport = file
        begin transports
        file:
          driver = appendfile
          file = @DIR@/mailbox
          user = @RUNS@
          mode = 0644
        begin authenticators
        plain:
          driver = plaintext
          public_name = PLAIN
          server_prompts = :
          server_condition = ${if and{{eq{$auth2}{@USER@}}{eq{$auth3}{@PASSWORD@}}}}
          server_set_id = $auth2
        """
        .Replace("        ", "", StringComparison.Ordinal)
        .Replace("@DIR@", _directory.Path, StringComparison.Ordinal)
        .Replace("@STARTTLS@", StartTlsPort.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("@TLS@", TlsPort.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("@USER@", User, StringComparison.Ordinal)
        .Replace("@PASSWORD@", Password, StringComparison.Ordinal)
        .Replace("@RUNS@", Environment.UserName == "root" ? "Debian-exim" : Environment.UserName, StringComparison.Ordinal);

    /// <summary>The line that begins a mail in a mailbox.</summary>
    [GeneratedRegex(@"^From \S+ .*\n", RegexOptions.Multiline)]
    private static partial Regex Separator();
}
