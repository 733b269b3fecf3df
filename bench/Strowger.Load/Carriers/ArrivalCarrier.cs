using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Strowger.Smpp;

namespace Strowger.Load.Carriers;

/// <summary>
/// A carrier inside this process, so that when a text was asked for and when it arrived are told by the same clock. Takes
/// everything, answers after a delay, sends no receipts.
/// </summary>
internal sealed class ArrivalCarrier : SmppServerHandler, IAsyncDisposable
{
    private readonly SmppServer _server;
    private readonly TimeSpan _delay;
    private readonly ConcurrentQueue<Waiting> _waiting = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread? _answers;
    private int _binds;

    /// <param name="port">0 takes a free one.</param>
    /// <param name="delay">From a submit to its answer.</param>
    /// <param name="times">Arrival and answer are noted here.</param>
    public ArrivalCarrier(int port, TimeSpan delay, TokenTimes times)
    {
        _delay = delay;
        Times = times;
        _server = new SmppServer(new SmppServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, port), SystemId = "bench" }, this, TimeProvider.System);
        _server.Start();
        if (delay > TimeSpan.Zero)
        {
            _answers = new Thread(AnswerWhenDue) { IsBackground = true, Name = "answers" };
            _answers.Start();
        }
    }

    public TokenTimes Times { get; }

    public int Port => _server.LocalEndPoint!.Port;

    public int Binds => Volatile.Read(ref _binds);

    /// <summary>Told each arrival: its token, and the milliseconds since it was asked for. Called by several threads.</summary>
    public Action<long, double>? OnArrival { get; set; }

    public override uint? OnBind(SmppServerSession session, in BindRequest bind) => CommandStatus.Ok;

    public override void OnBound(SmppServerSession session) => Interlocked.Increment(ref _binds);

    public override void OnClosed(SmppServerSession session, string reason) => Interlocked.Decrement(ref _binds);

    public override void OnSubmit(SmppServerSession session, uint sequence, in SubmitSm pdu)
    {
        var token = ReadToken(pdu.ShortMessage);
        var milliseconds = Times.Arrive(token);
        OnArrival?.Invoke(token, milliseconds);
        if (_delay > TimeSpan.Zero)
        {
            _waiting.Enqueue(new Waiting(session, sequence, token, Stopwatch.GetTimestamp() + (long)(_delay.TotalSeconds * Stopwatch.Frequency)));
        }
        else
        {
            Respond(session, sequence, token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _answers?.Join();
        await _server.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    /// <summary>The digits behind the last '#', which is the same octet in GSM 7-bit and ASCII.</summary>
    internal static long ReadToken(ReadOnlySpan<byte> text)
    {
        var digits = text[(text.LastIndexOf((byte)'#') + 1)..];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var token) ? token : 0;
    }

    private void Respond(SmppServerSession session, uint sequence, long token)
    {
        Span<byte> id = stackalloc byte[20];
        token.TryFormat(id, out var length, default, CultureInfo.InvariantCulture);
        session.RespondSubmit(sequence, CommandStatus.Ok, id[..length]);
        Times.Answer(token);
    }

    private void AnswerWhenDue()
    {
        while (!_stop.IsCancellationRequested)
        {
            while (_waiting.TryPeek(out var next) && next.Due <= Stopwatch.GetTimestamp())
            {
                _waiting.TryDequeue(out _);
                Respond(next.Session, next.Sequence, next.Token);
            }

            // The delay is the same for all, so they are due in the order in which they came.
            Thread.Sleep(1);
        }
    }

    private readonly record struct Waiting(SmppServerSession Session, uint Sequence, long Token, long Due);
}
