namespace Strowger.Smpp;

/// <summary>The right to answer one deliver_sm or data_sm, once, from any thread.</summary>
public readonly struct DeliverHandle : IEquatable<DeliverHandle>
{
    private readonly ClientConnection? _connection;
    private readonly uint _sequence;
    private readonly bool _isData;

    internal DeliverHandle(ClientConnection connection, uint sequence, bool isData)
    {
        _connection = connection;
        _sequence = sequence;
        _isData = isData;
    }

    /// <summary>
    /// Answers with a command_status. Answers are written in batches. False when the connection is gone: the carrier will send
    /// the PDU again.
    /// </summary>
    public bool Answer(uint status) => _connection is not null && _connection.AnswerDeliver(_sequence, status, _isData);

    public bool Equals(DeliverHandle other) => _connection == other._connection && _sequence == other._sequence;

    public override bool Equals(object? obj) => obj is DeliverHandle other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_connection, _sequence);

    public static bool operator ==(DeliverHandle left, DeliverHandle right) => left.Equals(right);

    public static bool operator !=(DeliverHandle left, DeliverHandle right) => !left.Equals(right);
}
