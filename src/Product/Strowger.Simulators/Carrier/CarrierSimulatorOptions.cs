using System.Net;
using Strowger.Smpp;

namespace Strowger.Simulators;

/// <summary>A simulated carrier: where it listens, who may bind, how it starts out.</summary>
public sealed record CarrierSimulatorOptions
{
    /// <summary>Port 0 takes a free one; the ready line tells which.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>Where control lines are also taken by TCP; null = nowhere.</summary>
    public IPEndPoint? Control { get; init; }

    /// <summary>Null accepts any.</summary>
    public string? SystemId { get; init; }

    /// <summary>Null accepts any.</summary>
    public string? Password { get; init; }

    /// <summary>Null: in the clear.</summary>
    public SmppServerTls? Tls { get; init; }

    /// <summary>For jitter, shares and cuts.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Scheduled outages: from when after the start, for how long. In rising order.</summary>
    public IReadOnlyList<(TimeSpan At, TimeSpan For)> Outages { get; init; } = [];

    public CarrierSettings Settings { get; init; } = new();
}
