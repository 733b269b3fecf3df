namespace Strowger.Smpp;

/// <summary>Why a PDU is bad. Built from constants, so that hostile input costs no allocation.</summary>
/// <param name="Status">The command_status to answer with.</param>
/// <param name="Field">The field, spelled as the standard spells it.</param>
/// <param name="Problem">What is wrong with it.</param>
public readonly record struct PduFault(uint Status, string Field, string Problem)
{
    public bool IsNone => Status == CommandStatus.Ok;

    public string Reason => IsNone ? "" : $"{Field} {Problem}";
}
