using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Peers;

/// <summary>nginx in front, with TLS, as docs/install.md says.</summary>
[Trait("needs", "peer")]
public sealed class NginxTests
{
    private const string Host = "sms.example.org";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Everything_works_through_it_and_each_caller_answers_for_himself()
    {
        using var directory = new TempDirectory();
        await using var server = await StrowgerProcess.StartAsync(directory.File("data"), directory.Write("strowger.json", Config.Of(Config.Discard("nowhere"))));
        using var certificate = MakeCertificate(directory);
        var port = Ports.Free();
        await using var nginx = StartNginx(directory, port, server.Address);
        using var client = Client(port, certificate);
        await Eventually.TrueAsync("nginx answers", _patience, async () =>
        {
            Assert.False(nginx.HasExited, nginx.Error.Tail());
            try
            {
                return (await client.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });

        // An event reaches an open stream at once: nothing on the way holds it back.
        using var stream = await client.GetAsync("/v1/events/stream", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        using var batch = new StringContent(string.Join('\n', Texts.Lines(1, 2000)), new MediaTypeHeaderValue("application/x-ndjson"));
        Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync("/v1/messages/batch", batch)).StatusCode);
        using var limit = new CancellationTokenSource(_patience);
        while (await reader.ReadLineAsync(limit.Token) is { } line && !line.Contains("message.sent", StringComparison.Ordinal))
        {
        }

        // Without a key the figures are for this machine only, and who comes through a proxy does not.
        using var stranger = Client(port, certificate, key: null, from: "198.51.100.7");
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/metrics")).StatusCode);

        // One who guesses keys is shut out; the others are not.
        using var guesser = Client(port, certificate, key: "sk_guessed-0000000000000000000000", from: "198.51.100.8");
        await Eventually.TrueAsync("the guesser is shut out", _patience, async () => (await guesser.GetAsync("/v1/channels")).StatusCode == HttpStatusCode.TooManyRequests);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/channels")).StatusCode);
        using var mistaken = Client(port, certificate, key: "sk_mistaken-000000000000000000000", from: "198.51.100.9");
        Assert.Equal(HttpStatusCode.Unauthorized, (await mistaken.GetAsync("/v1/channels")).StatusCode);
    }

    private static HttpClient Client(int port, X509Certificate2 certificate, string? key = StrowgerProcess.Key, string from = "198.51.100.1")
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, remote, _, _) => remote?.GetCertHashString() == certificate.GetCertHashString();
        var client = new HttpClient(handler) { BaseAddress = new Uri($"https://127.0.0.1:{port}/"), Timeout = _patience };
        client.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);

        // All of the test's callers are on this machine; nginx takes the address from here, as it takes it elsewhere from a load balancer.
        client.DefaultRequestHeaders.Add("X-Test-Address", from);
        client.DefaultRequestHeaders.Host = Host;
        return client;
    }

    private static X509Certificate2 MakeCertificate(TempDirectory directory)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var certificate = new CertificateRequest("CN=" + Host, key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        directory.Write("nginx/cert.pem", certificate.ExportCertificatePem());
        directory.Write("nginx/key.pem", key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }

    private static ChildProcess StartNginx(TempDirectory directory, int port, Uri server)
    {
        var configuration = directory.Write("nginx/nginx.conf", $$"""
            daemon off;
            master_process off;
            worker_processes 1;
            pid nginx.pid;
            error_log stderr;
            events { worker_connections 256; }
            http {
                access_log off;
                client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                set_real_ip_from 127.0.0.1;
                real_ip_header X-Test-Address;
                server {
                    listen 127.0.0.1:{{port}} ssl;
                    server_name {{Host}};
                    ssl_certificate cert.pem;
                    ssl_certificate_key key.pem;
                    location / {
                        proxy_pass {{server}};
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                        proxy_set_header Host $host;
                        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                        proxy_set_header X-Forwarded-Proto $scheme;
                        client_max_body_size 0;
                        proxy_request_buffering off;
                        proxy_read_timeout 1h;
                    }
                }
            }
            """);
        return ChildProcess.Start(Peer.Need("nginx", "nginx-light"), ["-p", directory.File("nginx"), "-c", configuration, "-e", "stderr"]);
    }
}
