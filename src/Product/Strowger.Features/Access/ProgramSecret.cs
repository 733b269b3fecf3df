namespace Strowger.Features.Access;

/// <summary>
/// A program's password as it is known here: slowly hashed, or by the quick hash of <see cref="ProgramSecrets"/>, or by both. A new one is a
/// new object, so that whoever was let in by the old one can be told.
/// </summary>
public sealed class ProgramSecret
{
    private volatile byte[]? _quick;

    internal ProgramSecret(string? hash, byte[]? quick)
    {
        Hash = hash;
        _quick = quick;
    }

    /// <summary>Null when it was given in the clear.</summary>
    internal string? Hash { get; }

    /// <summary>Null until it was seen to be right.</summary>
    internal byte[]? Quick
    {
        get => _quick;
        set => _quick = value;
    }
}
