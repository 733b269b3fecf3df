using System.Globalization;
using System.Text;
using Strowger.Engine;
using Strowger.Features.Campaigns;
using Strowger.Features.Messaging;
using Strowger.Records.Inbound;
using Strowger.Records.Jobs;
using Strowger.Records.Messages;
using Strowger.Records.Receipts;
using Strowger.Records.Settings;

namespace Strowger.Server.Erasure;

/// <summary>
/// Erases one number: cancels what waits for it, overwrites it in the journal, and takes it out of the lists. One at a time. The order lets
/// it be repeated after a crash: whatever was done already is found done.
/// </summary>
internal sealed class NumberErasure(
    string data,
    JobEngine engine,
    MessageStore lists,
    InboundStore inbound,
    ReceiptIndexStore receipts,
    DeadJobStore deadJobs,
    CampaignService campaigns,
    SettingsStore settings,
    IReadOnlyList<ProjectionHost> projections,
    TimeProvider time) : IDisposable
{
    /// <summary>Octets of journal gone over between rests: some 10 ms of work.</summary>
    private const long Stretch = 4 << 20;

    /// <summary>So that it takes a third of a core at most.</summary>
    private static readonly TimeSpan _rest = TimeSpan.FromMilliseconds(20);

    /// <summary>A list that is further behind than this gets what is blank already.</summary>
    private static readonly TimeSpan _listsPatience = TimeSpan.FromSeconds(30);

    /// <summary>What is cancelled makes posts, and posts make nothing: the third finds nothing unless something new came meanwhile.</summary>
    private const int MaxRounds = 5;

    private readonly SemaphoreSlim _one = new(1);

    /// <param name="number">E.164.</param>
    /// <param name="who">For the audit, which keeps the last three digits only.</param>
    /// <param name="cancel">Gives up between stretches; what was erased stays erased.</param>
    /// <exception cref="IOException">The disk does not take it; run it again.</exception>
    public async Task<ErasureReport> RunAsync(Msisdn number, string who, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            settings.Audit.Add(who, "number.erase", Masked(number));
            using var pin = engine.PinHistory();
            var forms = new NumberForms(number);
            var rewrite = new NumberRewrite(engine, forms);

            // Before what waits is cancelled: no new text may come of a row.
            var rows = await new CampaignFileErasure(forms).RunAsync(data, cancel).ConfigureAwait(false);
            await campaigns.ReadAgainAsync(cancel).ConfigureAwait(false);
            var (cancelled, records) = await TakeOutAsync(rewrite, cancel).ConfigureAwait(false);
            receipts.Erase(number.Value);
            var messages = lists.Erase(number.Value, NumberRewrite.Erased);
            var received = inbound.Erase(forms.All);
            deadJobs.Rewrite(detail => Zeroed(forms, detail));
            var report = new ErasureReport(cancelled, records, messages, received, rows, rewrite.StillWaiting);
            settings.Audit.Add(who, "number.erased", Masked(number), null, string.Create(
                CultureInfo.InvariantCulture, $"cancelled {cancelled}, records {records}, messages {messages}, received {received}, rows {rows}, in flight {report.InFlight}"));
            return report;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private static string Masked(Msisdn number) => "*" + (number.Value % 1000).ToString("D3", CultureInfo.InvariantCulture);

    /// <summary>Null when the number is not in it.</summary>
    private static string? Zeroed(NumberForms forms, string detail)
    {
        var octets = Encoding.UTF8.GetBytes(detail);
        return forms.TryZero(octets) ? Encoding.UTF8.GetString(octets) : null;
    }

    /// <summary>
    /// Those who follow the log make posts and receipts of what they read before it was blank, and of what is cancelled here: they go in the
    /// next round.
    /// </summary>
    private async Task<(long Cancelled, long Records)> TakeOutAsync(NumberRewrite rewrite, CancellationToken cancel)
    {
        var (cancelled, records, from) = (0L, 0L, 0L);
        for (var round = 1; ; round++)
        {
            var now = await CancelAsync(rewrite, cancel).ConfigureAwait(false);

            // The last round's waiting jobs may be over now: from the first of them on.
            from = now == 0 ? from : Math.Min(from, rewrite.BeginAgain());
            var (next, changed) = await RewriteAsync(rewrite, from, cancel).ConfigureAwait(false);
            (cancelled, records, from) = (cancelled + now, records + changed, next);

            // After the journal: what a projection reads there from now on is blank already.
            await CaughtUpAsync(cancel).ConfigureAwait(false);
            if ((round > 1 && now == 0) || round == MaxRounds)
            {
                return (cancelled, records);
            }
        }
    }

    private async Task<long> CancelAsync(NumberRewrite rewrite, CancellationToken cancel)
    {
        var cancelled = 0L;
        var buffer = new byte[4096];
        foreach (var job in LiveJob.All(engine))
        {
            cancel.ThrowIfCancellationRequested();
            if (Names(rewrite, job, ref buffer) && await engine.CancelAsync(job.Id, MessagingCodes.CancelledByUser, cancel).ConfigureAwait(false))
            {
                cancelled++;
            }
        }

        return cancelled;
    }

    private bool Names(NumberRewrite rewrite, in LiveJob job, ref byte[] buffer) =>
        JobHistory.TryReadAcceptance(engine, job.BodyPosition, ref buffer, out var accepted) && rewrite.Names(accepted);

    private async Task CaughtUpAsync(CancellationToken cancel)
    {
        var end = engine.Journal.DurableEnd;
        var started = time.GetTimestamp();
        while (projections.Any(projection => projection.Cursor < end) && time.GetElapsedTime(started) < _listsPatience)
        {
            await Task.Delay(_rest, time, cancel).ConfigureAwait(false);
        }
    }

    private async Task<(long Next, long Changed)> RewriteAsync(NumberRewrite rewrite, long from, CancellationToken cancel)
    {
        var (position, total) = (from, 0L);
        var end = engine.Journal.End;
        await engine.WaitDurableAsync(end, cancel).ConfigureAwait(false);
        while (position < end)
        {
            var (next, changed) = HistoryRewrite.Run(engine, position, Stretch, rewrite.Rewrite, rewrite.RewriteHeaders);
            (position, total) = (next, total + changed);
            await Task.Delay(_rest, time, cancel).ConfigureAwait(false);
        }

        return (position, total);
    }
}
