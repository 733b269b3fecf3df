namespace Strowger.Smpp;

/// <summary>
/// The life of a client's bind:
/// Stopped → Connecting → Binding → Bound → (lost) BackingOff → Connecting ...; Binding → Refused (wrong credentials, long wait) →
/// Connecting; any → Unbinding → Stopped.
/// </summary>
public enum BindState
{
    Stopped,
    Connecting,
    Binding,
    Bound,

    /// <summary>Waiting before the next attempt.</summary>
    BackingOff,

    /// <summary>The carrier refused our system id or password: waiting long, for it would lock the account otherwise.</summary>
    Refused,

    /// <summary>Stopping: waiting for the outstanding answers, then unbinding.</summary>
    Unbinding,
}
