using System.Collections.Concurrent;
using System.Globalization;
using Strowger.Features.Campaigns;

namespace Strowger.Server.ConsolePage;

/// <summary>A file that was received and looked at, waiting for somebody's yes.</summary>
public sealed record CampaignDraft(string Id, string Who, CampaignSpec Spec, ReceivedFile File, CampaignScan Scan, DateTimeOffset At);

/// <summary>Drafts of campaigns, so that what is confirmed is what was shown. Their files are gone after a restart.</summary>
internal sealed class CampaignDrafts(TimeProvider time)
{
    /// <summary>The oldest goes when there are more.</summary>
    private const int MaxDrafts = 16;
    private static readonly TimeSpan _life = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<string, CampaignDraft> _drafts = new(StringComparer.Ordinal);
    private long _count;

    public CampaignDraft Add(string who, CampaignSpec spec, ReceivedFile file, CampaignScan scan)
    {
        var now = time.GetUtcNow();
        var draft = new CampaignDraft(Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture), who, spec, file, scan, now);
        _drafts[draft.Id] = draft;
        var oldestFirst = _drafts.Values.OrderBy(d => d.At).ToArray();
        foreach (var old in oldestFirst.Take(Math.Max(0, oldestFirst.Length - MaxDrafts)).Concat(oldestFirst.Where(d => now - d.At > _life)))
        {
            Drop(old.Id, old.Who);
        }

        return draft;
    }

    /// <summary>Takes a draft out; null when it is not there any more, or somebody else's.</summary>
    public CampaignDraft? Take(string id, string who) =>
        _drafts.TryGetValue(id, out var draft) && draft.Who == who && _drafts.TryRemove(id, out draft) ? draft : null;

    public void Drop(string id, string who)
    {
        if (Take(id, who) is { } draft)
        {
            CampaignFiles.Drop(draft.File);
        }
    }
}
