namespace Strowger.Load.Fuzzing;

/// <summary>
/// A reader of octets that come from others. Whatever the input, it must not throw, not hang, and not take memory beyond the input's
/// measure. An input alone repeats what was found: what has to be chosen is chosen by its first octets.
/// </summary>
internal abstract class FuzzTarget
{
    public abstract string Name { get; }

    /// <summary>Good inputs, from which bad ones are made.</summary>
    public abstract IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>Reads one input to its end. Any exception is a fault, one of its own checks included.</summary>
    public abstract void Read(ReadOnlySpan<byte> input);

    /// <summary>Last touch on a made input; returns its length.</summary>
    public virtual int Finish(byte[] buffer, int length, Random random) => length;

    protected static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException("Not so: " + what);
        }
    }
}
