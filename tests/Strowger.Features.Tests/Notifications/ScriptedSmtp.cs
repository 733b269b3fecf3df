using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Strowger.Features.Tests.Notifications;

/// <summary>A mail server that answers each command as the test says, and keeps what it was told.</summary>
internal sealed class ScriptedSmtp : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _run;

    public ScriptedSmtp()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _run = Task.Run(RunAsync);
    }

    public int Port { get; }

    public ConcurrentQueue<string> Commands { get; } = new();

    public ConcurrentQueue<string> Contents { get; } = new();

    /// <summary>The answer to a command; null is the usual one. An empty answer hangs up.</summary>
    public Func<string, string?> Answer { get; set; } = _ => null;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _run;
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                using var socket = await _listener.AcceptTcpClientAsync();
                try
                {
                    await ServeAsync(socket.GetStream());
                }
                catch (IOException)
                {
                    // The client hung up.
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await SayAsync(stream, Answer("connect") ?? "220 scripted");
        while (await reader.ReadLineAsync() is { } line)
        {
            Commands.Enqueue(line);
            var answer = Answer(line) ?? Usual(line);
            if (answer.Length == 0)
            {
                return;
            }

            await SayAsync(stream, answer);
            if (answer.StartsWith("354", StringComparison.Ordinal))
            {
                var content = new StringBuilder();
                while (await reader.ReadLineAsync() is { } part && part != ".")
                {
                    content.Append(part).Append('\n');
                }

                Contents.Enqueue(content.ToString());
                await SayAsync(stream, Answer("content") ?? "250 2.0.0 kept");
            }
        }
    }

    private static string Usual(string line) => line.Split(' ')[0].ToUpperInvariant() switch
    {
        "EHLO" => "250-scripted\r\n250-SIZE 1000000\r\n250 8BITMIME",
        "DATA" => "354 go on",
        "QUIT" => "221 bye",
        _ => "250 fine",
    };

    private static async Task SayAsync(NetworkStream stream, string answer) => await stream.WriteAsync(Encoding.Latin1.GetBytes(answer + "\r\n"));
}
