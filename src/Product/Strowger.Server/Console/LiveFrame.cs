using System.Collections.Concurrent;
using System.Text.Json;
using Strowger.Features.Campaigns;

namespace Strowger.Server.ConsolePage;

/// <summary>A published view and the promise of the next one.</summary>
/// <param name="view">What the page of the flow shows.</param>
/// <param name="flow">What it was made of.</param>
/// <param name="queues">As they were then.</param>
/// <param name="happened">The newest lines.</param>
/// <param name="campaigns">Asked only while somebody looks at campaigns.</param>
internal sealed class LiveFrame(LiveView? view, FlowSnapshot? flow, IReadOnlyList<QueueFlow> queues, IReadOnlyList<Happening> happened, CampaignService? campaigns)
{
    private readonly TaskCompletionSource<LiveFrame> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Made when the first stream asks; two at once make the same.
    private readonly ConcurrentDictionary<(string Topic, string Language), byte[]> _values = new();
    private readonly ConcurrentDictionary<string, byte[]> _json = new();

    public LiveView? View => view;

    public FlowSnapshot? Flow => flow;

    public IReadOnlyList<QueueFlow> Queues => queues;

    public CampaignService? Campaigns => campaigns;

    /// <summary>Completes when a newer one is published.</summary>
    public Task<LiveFrame> Next => _next.Task;

    /// <summary>The whole view, for the page that draws the flow.</summary>
    public byte[] Json(Language language) => _json.GetOrAdd(language.Code, _ => JsonSerializer.SerializeToUtf8Bytes(
        view! with
        {
            Sentence = FlowSentence.Of(flow!, language),
            Happened = [.. happened.Select(line => new LineView(line.TimeMs, line.Tone, line.Say(language)))],
        },
        LiveJson.Default.LiveView));

    /// <summary>A page's values.</summary>
    public byte[] Values(LiveTopic? topic, Language language) => _values.GetOrAdd((topic?.Name ?? "", language.Code), _ =>
        JsonSerializer.SerializeToUtf8Bytes(
            new LiveValues(view!.TimeMs, topic?.Shape(this) ?? "", topic?.Values(this, language) ?? new Dictionary<string, string>()), LiveJson.Default.LiveValues));

    public void Follow(LiveFrame next) => _next.SetResult(next);
}

/// <summary>What the stream tells a page of texts and tables.</summary>
internal sealed record LiveValues(long TimeMs, string Shape, IReadOnlyDictionary<string, string> Values);
