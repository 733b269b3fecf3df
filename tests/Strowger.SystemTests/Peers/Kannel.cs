using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Peers;

/// <summary>Kannel 1.4.5 of Debian: bearerbox with one SMPP connection, smsbox before it, and a listener for its delivery reports.</summary>
internal sealed class Kannel : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly HttpListener _reports = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly int _sendPort = Ports.Free();
    private readonly int _reportPort = Ports.Free();
    private readonly int _adminPort = Ports.Free();
    private readonly int _smsboxPort = Ports.Free();
    private readonly Task _listening;
    private ChildProcess? _bearerbox;
    private ChildProcess? _smsbox;

    private Kannel()
    {
        _reports.Prefixes.Add($"http://127.0.0.1:{_reportPort}/");
        _reports.Start();
        _listening = Task.Run(ListenAsync);
    }

    /// <summary>Reports by text: their types in the order in which they came. 8 is taken by the carrier, 1 delivered.</summary>
    public ConcurrentDictionary<string, ConcurrentQueue<string>> Reports { get; } = new();

    /// <summary>Where its smsbox takes texts.</summary>
    public Uri SendSms => new($"http://127.0.0.1:{_sendPort}/cgi-bin/sendsms");

    /// <summary>Incoming texts.</summary>
    public ConcurrentQueue<string> Incoming { get; } = new();

    /// <param name="smppPort">Of the carrier it binds to as kannel with the password secret.</param>
    /// <param name="more">Further groups.</param>
    public static async Task<Kannel> StartAsync(int smppPort, string more = "")
    {
        var kannel = new Kannel();
        try
        {
            await kannel.StartBoxesAsync(smppPort, more);
            return kannel;
        }
        catch
        {
            await kannel.DisposeAsync();
            throw;
        }
    }

    /// <summary>Both boxes anew, with other groups; what listens for reports stays.</summary>
    public async Task RestartAsync(int smppPort, string more = "")
    {
        await StopBoxesAsync();
        await StartBoxesAsync(smppPort, more);
    }

    /// <summary>A command of its HTTP administration, such as <c>status.txt</c> or <c>stop-smsc?smsc=ID</c>; what it answers.</summary>
    public Task<string> AdminAsync(string command) =>
        _http.GetStringAsync($"http://127.0.0.1:{_adminPort}/{command}{(command.Contains('?', StringComparison.Ordinal) ? '&' : '?')}password=secret");

    /// <summary>One text by sendsms, in UCS-2 when it needs it, with every report asked for.</summary>
    public async Task<string> SendAsync(string to, string text, bool wide)
    {
        var report = $"http://127.0.0.1:{_reportPort}/report?to={to}&type=%d";
        var query = new StringBuilder($"http://127.0.0.1:{_sendPort}/cgi-bin/sendsms?username=tester&password=secret&from=12345&to={to}")
            .Append("&charset=UTF-8&dlr-mask=31&dlr-url=").Append(Uri.EscapeDataString(report))
            .Append("&text=").Append(Uri.EscapeDataString(text)).Append(wide ? "&coding=2" : "");
        using var answer = await _http.GetAsync(query.ToString());
        var body = await answer.Content.ReadAsStringAsync();
        return string.Create(CultureInfo.InvariantCulture, $"{(int)answer.StatusCode} {body}");
    }

    public Task ReadyToSendAsync() => Eventually.TrueAsync("smsbox listens", TimeSpan.FromSeconds(15), async () =>
    {
        try
        {
            using var answer = await _http.GetAsync($"http://127.0.0.1:{_sendPort}/cgi-bin/sendsms");
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    });

    public async ValueTask DisposeAsync()
    {
        await StopBoxesAsync();
        _reports.Close();
        await _listening;
        _http.Dispose();
        _directory.Dispose();
    }

    private async Task StartBoxesAsync(int smppPort, string more)
    {
        var bearerbox = Peer.Need("bearerbox", "kannel");
        var smsbox = Peer.Need("smsbox", "kannel");
        var config = _directory.Write("kannel.conf", Configuration(smppPort) + "\n\n" + more);
        _bearerbox = ChildProcess.Start(bearerbox, ["-v", "1", config]);
        await _bearerbox.LineAsync(_bearerbox.Error, l => l.Contains("MAIN: Start-up done", StringComparison.Ordinal), TimeSpan.FromSeconds(15));
        _smsbox = ChildProcess.Start(smsbox, ["-v", "1", config]);
        await _bearerbox.LineAsync(_bearerbox.Error, l => l.Contains("Client connected from", StringComparison.Ordinal) || l.Contains("Started to listen", StringComparison.Ordinal), TimeSpan.FromSeconds(15));
    }

    private async Task StopBoxesAsync()
    {
        foreach (var box in (ChildProcess?[])[_smsbox, _bearerbox])
        {
            if (box is not null)
            {
                await box.DisposeAsync();
            }
        }
    }

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                var context = await _reports.GetContextAsync();
                var query = context.Request.QueryString;
                if (context.Request.Url!.AbsolutePath == "/report")
                {
                    Reports.GetOrAdd(query["to"]!, _ => new ConcurrentQueue<string>()).Enqueue(query["type"]!);
                }
                else
                {
                    Incoming.Enqueue(query["text"]!);
                }

                context.Response.Close();
            }
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // Closed.
        }
    }

    private string Configuration(int smppPort) => $"""
        group = core
        admin-port = {_adminPort}
        admin-password = secret
        smsbox-port = {_smsboxPort}
        box-allow-ip = 127.0.0.1
        dlr-storage = internal

        group = smsc
        smsc = smpp
        smsc-id = strowger
        host = 127.0.0.1
        port = {smppPort}
        transceiver-mode = true
        smsc-username = kannel
        smsc-password = secret
        system-type = ""
        max-pending-submits = 50
        enquire-link-interval = 2

        group = smsbox
        bearerbox-host = 127.0.0.1
        sendsms-port = {_sendPort}
        mo-recode = true

        group = sendsms-user
        username = tester
        password = secret
        max-messages = 10
        concatenation = true

        group = sms-service
        keyword = default
        max-messages = 0
        catch-all = true
        get-url = "http://127.0.0.1:{_reportPort}/mo?text=%b"
        """.Replace("        ", "", StringComparison.Ordinal);
}
