using System.Diagnostics.CodeAnalysis;

namespace Strowger.Smpp;

/// <summary>Rules on the fields we are about to send. A fault here is the caller's mistake.</summary>
internal static class FieldCheck
{
    /// <summary>Adds a fault when a C-octet string is too long or has a NUL inside. Keeps the first fault.</summary>
    public static void CString(ReadOnlySpan<byte> value, int maxOctets, uint status, string field, ref PduFault fault)
    {
        if (value.Length >= maxOctets)
        {
            Set(new(status, field, "is too long"), ref fault);
        }
        else if (value.Contains((byte)0))
        {
            Set(new(status, field, "has a NUL inside"), ref fault);
        }
    }

    public static void ShortMessage(ReadOnlySpan<byte> value, ref PduFault fault)
    {
        if (value.Length > SmppLimits.ShortMessageBytes)
        {
            Set(new(CommandStatus.InvalidMessageLength, "short_message", "is longer than 254 octets"), ref fault);
        }
    }

    public static void ThrowIfFaulty(PduFault fault)
    {
        if (!fault.IsNone)
        {
            Throw(fault);
        }
    }

    private static void Set(PduFault found, ref PduFault fault)
    {
        if (fault.IsNone)
        {
            fault = found;
        }
    }

    [DoesNotReturn]
    private static void Throw(PduFault fault) => throw new ArgumentException($"The PDU cannot be sent: {fault.Reason}.");
}
