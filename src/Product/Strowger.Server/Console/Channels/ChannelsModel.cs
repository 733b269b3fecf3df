using Strowger.Features.Messaging.Channels;
using Strowger.Records.Settings;
using Strowger.Server.Http.Channels;

namespace Strowger.Server.ConsolePage;

/// <summary>All channels.</summary>
public sealed record ChannelsModel
{
    public required Sentence Sentence { get; init; }

    public required IReadOnlyList<ChannelFlow> Channels { get; init; }
}

/// <summary>One channel.</summary>
public sealed record ChannelModel
{
    public required Channel Channel { get; init; }

    public required ChannelFlow Flow { get; init; }

    /// <summary>Of a test just run.</summary>
    public TestResult? Test { get; init; }

    public IReadOnlyList<AuditRecord> Changes { get; init; } = [];
}
