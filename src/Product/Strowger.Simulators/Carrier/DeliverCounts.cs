namespace Strowger.Simulators;

/// <summary>What became of deliveries of one kind.</summary>
internal sealed class DeliverCounts
{
    private long _created;
    private long _delivered;
    private long _refused;
    private long _dropped;

    public void Create() => Interlocked.Increment(ref _created);

    public void Deliver() => Interlocked.Increment(ref _delivered);

    public void Refuse() => Interlocked.Increment(ref _refused);

    public void Drop() => Interlocked.Increment(ref _dropped);

    public DeliverReport Report()
    {
        long created = Interlocked.Read(ref _created);
        long delivered = Interlocked.Read(ref _delivered);
        long dropped = Interlocked.Read(ref _dropped);
        return new DeliverReport(created, delivered, Interlocked.Read(ref _refused), created - delivered - dropped, dropped);
    }
}
