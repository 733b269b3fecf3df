using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Strowger.Smpp.Tests;

/// <summary>A carrier that does what the test says, over loopback.</summary>
internal sealed class ScriptedPeer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public ScriptedPeer() => _listener.Start();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async Task<PeerConnection> AcceptAsync() =>
        new(await _listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20)));

    /// <summary>Accepts, and accepts the bind.</summary>
    public async Task<PeerConnection> AcceptBindAsync(uint status = 0)
    {
        var connection = await AcceptAsync();
        var bind = await connection.ReadAsync();
        Assert.True(BindRequest.IsBind(bind.Header.CommandId));
        byte[] answer = new byte[64];
        int n = new BindResp { SystemId = "peer"u8 }.Encode(answer, (BindMode)bind.Header.CommandId, status, bind.Header.Sequence);
        await connection.WriteAsync(answer[..n]);
        return connection;
    }

    public void Dispose() => _listener.Dispose();
}

internal readonly record struct ReceivedPdu(PduHeader Header, byte[] Body);

internal sealed class PeerConnection : IDisposable
{
    private readonly TcpClient _tcp;
    private readonly NetworkStream _stream;

    public PeerConnection(TcpClient client)
    {
        // Otherwise every second half of a cut PDU waits 40 ms for a delayed acknowledgement.
        client.NoDelay = true;
        _tcp = client;
        _stream = client.GetStream();
    }

    public async Task<ReceivedPdu> ReadAsync()
    {
        byte[] header = new byte[16];
        await Within(_stream.ReadExactlyAsync(header).AsTask());
        byte[] body = new byte[BinaryPrimitives.ReadInt32BigEndian(header) - 16];
        await Within(_stream.ReadExactlyAsync(body).AsTask());
        return new ReceivedPdu(PduHeader.Read(header), body);
    }

    public async Task<ReceivedPdu> ReadAsync(uint commandId)
    {
        var pdu = await ReadAsync();
        Assert.Equal(CommandId.Name(commandId), CommandId.Name(pdu.Header.CommandId));
        return pdu;
    }

    /// <summary>True when the other side closes (or resets) without sending more.</summary>
    public async Task<bool> IsClosedAsync()
    {
        try
        {
            int n = await _stream.ReadAsync(new byte[1]).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
            return n == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public Task WriteAsync(byte[] octets) => Within(_stream.WriteAsync(octets).AsTask());

    public Task WriteBareAsync(uint commandId, uint sequence, uint status = 0)
    {
        byte[] pdu = new byte[16];
        PduHeader.WriteBare(pdu, commandId, status, sequence);
        return WriteAsync(pdu);
    }

    public Task AnswerSubmitAsync(uint sequence, string id, uint status = 0)
    {
        byte[] pdu = new byte[128];
        int n = new SubmitSmResp { MessageId = System.Text.Encoding.ASCII.GetBytes(id) }.Encode(pdu, status, sequence);
        return WriteAsync(pdu[..n]);
    }

    public void Dispose() => _tcp.Dispose();

    private static Task Within(Task task) => task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
}
