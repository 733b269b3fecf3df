using System.Text;
using System.Threading.Channels;

namespace Strowger.Smpp.Tests.Client;

/// <summary>Writes down every callback; tests wait for the next one.</summary>
internal sealed class RecordingHandler : SmppClientHandler
{
    private readonly Channel<string> _events = Channel.CreateUnbounded<string>();
    private int _inside;

    public Action<DeliverHandle>? AnswerDeliver { get; set; }

    /// <summary>Whether two callbacks ever overlapped.</summary>
    public bool Overlapped { get; private set; }

    public async Task<string> NextAsync() =>
        await _events.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    public async Task ExpectAsync(params string[] events)
    {
        foreach (string expected in events)
        {
            Assert.Equal(expected, await NextAsync());
        }
    }

    /// <summary>Skips to the event that starts like this.</summary>
    public async Task<string> UntilAsync(string start)
    {
        while (true)
        {
            string next = await NextAsync();
            if (next.StartsWith(start, StringComparison.Ordinal))
            {
                return next;
            }
        }
    }

    public override void OnSubmitResponse(long tag, uint status, ReadOnlySpan<byte> messageId, ReadOnlySpan<byte> tlvs, bool late) =>
        Write($"response {tag} {CommandStatus.Name(status)} {Encoding.ASCII.GetString(messageId)}{(late ? " late" : "")}");

    public override void OnUnanswered(long tag, UnansweredReason reason) => Write($"unanswered {tag} {reason}");

    public override void OnDeliver(in DeliverSm pdu, DeliverHandle handle)
    {
        Write($"deliver {Encoding.ASCII.GetString(pdu.Source)} {Encoding.ASCII.GetString(pdu.UserData)}");
        (AnswerDeliver ?? (h => h.Answer(0)))(handle);
    }

    public override void OnData(in DataSm pdu, DeliverHandle handle)
    {
        Write($"data {Encoding.ASCII.GetString(pdu.UserData)}");
        handle.Answer(0);
    }

    public override void OnWritable() => Write("writable");

    public override void OnStateChanged(BindState state, string? reason, uint status) =>
        Write(reason is null ? state.ToString() : $"{state}: {reason}");

    private void Write(string what)
    {
        if (Interlocked.Increment(ref _inside) != 1)
        {
            Overlapped = true;
        }

        _events.Writer.TryWrite(what);
        Interlocked.Decrement(ref _inside);
    }
}
