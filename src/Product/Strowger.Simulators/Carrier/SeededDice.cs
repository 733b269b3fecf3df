namespace Strowger.Simulators;

/// <summary>Chance that can be repeated, shared by all binds.</summary>
internal sealed class SeededDice(int seed)
{
    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);

    public double Next()
    {
        lock (_lock)
        {
            return _random.NextDouble();
        }
    }

    public bool Hits(double share) => share > 0 && (share >= 1 || Next() < share);

    public TimeSpan UpTo(TimeSpan most) => most <= TimeSpan.Zero ? TimeSpan.Zero : most * Next();

    /// <summary>The time to the next of events that come with this mean interval, independently of each other.</summary>
    public TimeSpan Exponential(TimeSpan mean) => mean * -Math.Log(1 - Next());
}
