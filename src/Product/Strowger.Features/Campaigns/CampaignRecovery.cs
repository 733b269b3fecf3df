using System.Collections.Concurrent;
using Strowger.Engine;
using Strowger.Records.Campaigns;

namespace Strowger.Features.Campaigns;

/// <summary>
/// After a kill: cursors may be behind the journal, which has the texts themselves, each with its row. What lies behind the position that
/// was kept with the cursors is read, a few seconds' worth, and the cursors follow.
/// </summary>
internal static class CampaignRecovery
{
    public static async Task RunAsync(JobEngine engine, CampaignFiles files, ConcurrentDictionary<long, CampaignRun> runs, CampaignStore store)
    {
        if (runs.IsEmpty)
        {
            return;
        }

        var found = new Dictionary<(long Campaign, int Pass), (long Row, long Texts)>();
        void Look(in EngineEvent item)
        {
            if (item.Kind != EntryKind.Accepted || !RowMark.TryRead(item.Headers, out var mark)
                || !runs.TryGetValue(mark.Campaign, out var run) || mark.Pass >= run.Passes.Count || mark.Row <= run.Passes[mark.Pass].Progress.Row)
            {
                return;
            }

            var key = (mark.Campaign, mark.Pass);
            var (row, texts) = found.GetValueOrDefault(key);
            found[key] = (Math.Max(row, mark.Row), texts + 1);
        }

        // Also what was written and not synced: the engine has taken it up too.
        var reader = EventReader.From(engine, store.Position(), durableOnly: false);
        while (reader.ReadRecord(Look))
        {
        }

        foreach (var ((campaign, number), (row, texts)) in found)
        {
            await runs[campaign].Passes[number].CatchUpAsync(files.PathOf(campaign), row, texts, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
