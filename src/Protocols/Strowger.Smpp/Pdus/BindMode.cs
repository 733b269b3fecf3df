namespace Strowger.Smpp;

/// <summary>The direction of a bind; the value is the command_id of its request.</summary>
public enum BindMode
{
    /// <summary>We only receive (bind_receiver).</summary>
    Receiver = 1,

    /// <summary>We only send (bind_transmitter).</summary>
    Transmitter = 2,

    /// <summary>Both on one connection (bind_transceiver, new in 3.4).</summary>
    Transceiver = 9,
}
