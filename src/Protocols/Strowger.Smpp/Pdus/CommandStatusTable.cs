using static Strowger.Smpp.CommandStatusClass;

namespace Strowger.Smpp;

/// <summary>One line a code: the standard's name, the class that decides what happens next, the words an operator reads.</summary>
internal static class CommandStatusTable
{
    internal readonly record struct Entry(string Name, CommandStatusClass Class, string Words);

    internal static Entry Find(uint status) => status switch
    {
        0x00 => new("ESME_ROK", Ok, "accepted"),
        0x01 => new("ESME_RINVMSGLEN", Permanent, "the message length is not allowed"),
        0x02 => new("ESME_RINVCMDLEN", OurBug, "the peer finds our PDU length wrong"),
        0x03 => new("ESME_RINVCMDID", OurBug, "the peer does not know this command"),
        0x04 => new("ESME_RINVBNDSTS", Session, "not allowed in this bind state or bind mode"),
        0x05 => new("ESME_RALYBND", Session, "already bound"),
        0x06 => new("ESME_RINVPRTFLG", OurBug, "the priority is not allowed"),
        0x07 => new("ESME_RINVREGDLVFLG", OurBug, "the receipt request is not allowed"),
        0x08 => new("ESME_RSYSERR", Temporary, "system error at the carrier"),
        0x0A => new("ESME_RINVSRCADR", RouteFault, "the sender is not allowed"),
        0x0B => new("ESME_RINVDSTADR", Permanent, "the destination number is not valid"),
        0x0C => new("ESME_RINVMSGID", Query, "the message id is not known"),
        0x0D => new("ESME_RBINDFAIL", Session, "the bind was refused"),
        0x0E => new("ESME_RINVPASWD", Session, "wrong password"),
        0x0F => new("ESME_RINVSYSID", Session, "wrong system id"),
        0x11 => new("ESME_RCANCELFAIL", Query, "the message could not be cancelled"),
        0x13 => new("ESME_RREPLACEFAIL", Query, "the message could not be replaced"),
        0x14 => new("ESME_RMSGQFUL", QueueFull, "the carrier's queue is full"),
        0x15 => new("ESME_RINVSERTYP", RouteFault, "the service type is not allowed"),
        0x33 => new("ESME_RINVNUMDESTS", Query, "the number of destinations is not allowed"),
        0x34 => new("ESME_RINVDLNAME", Query, "the distribution list is not known"),
        0x40 => new("ESME_RINVDESTFLAG", Query, "the destination flag is not valid"),
        0x42 => new("ESME_RINVSUBREP", OurBug, "submit with replace is not allowed"),
        0x43 => new("ESME_RINVESMCLASS", Permanent, "the esm_class is not allowed"),
        0x44 => new("ESME_RCNTSUBDL", Query, "cannot submit to the distribution list"),
        0x45 => new("ESME_RSUBMITFAIL", Temporary, "the carrier could not take the message"),
        0x48 => new("ESME_RINVSRCTON", RouteFault, "the sender's type of number is not allowed"),
        0x49 => new("ESME_RINVSRCNPI", RouteFault, "the sender's numbering plan is not allowed"),
        0x50 => new("ESME_RINVDSTTON", Permanent, "the destination's type of number is not allowed"),
        0x51 => new("ESME_RINVDSTNPI", Permanent, "the destination's numbering plan is not allowed"),
        0x53 => new("ESME_RINVSYSTYP", Session, "wrong system type"),
        0x54 => new("ESME_RINVREPFLAG", OurBug, "the replace flag is not valid"),
        0x55 => new("ESME_RINVNUMMSGS", OurBug, "the number of messages is not valid"),
        0x58 => new("ESME_RTHROTTLED", Throttled, "over the carrier's rate"),
        0x61 => new("ESME_RINVSCHED", Permanent, "the scheduled time is not valid"),
        0x62 => new("ESME_RINVEXPIRY", Permanent, "the validity period is not valid"),
        0x63 => new("ESME_RINVDFTMSGID", OurBug, "the predefined message is not known"),
        0x64 => new("ESME_RX_T_APPN", Temporary, "temporary error at the receiving application"),
        0x65 => new("ESME_RX_P_APPN", Permanent, "permanent error at the receiving application"),
        0x66 => new("ESME_RX_R_APPN", RouteFault, "rejected by the receiving application"),
        0x67 => new("ESME_RQUERYFAIL", Query, "the query failed"),
        0xC0 => new("ESME_RINVOPTPARSTREAM", Permanent, "the optional parameters are malformed"),
        0xC1 => new("ESME_ROPTPARNOTALLWD", Permanent, "an optional parameter is not allowed"),
        0xC2 => new("ESME_RINVPARLEN", Permanent, "an optional parameter has a wrong length"),
        0xC3 => new("ESME_RMISSINGOPTPARAM", Permanent, "an optional parameter is missing"),
        0xC4 => new("ESME_RINVOPTPARAMVAL", Permanent, "an optional parameter has a wrong value"),
        0xFE => new("ESME_RDELIVERYFAILURE", Temporary, "delivery failed"),
        0xFF => new("ESME_RUNKNOWNERR", Temporary, "unknown error at the carrier"),
        0x100 => new("ESME_RSERTYPUNAUTH", RouteFault, "not authorised for the service type"),
        0x101 => new("ESME_RPROHIBITED", RouteFault, "the operation is prohibited for this account"),
        0x102 => new("ESME_RSERTYPUNAVAIL", RouteFault, "the service type is not available"),
        0x103 => new("ESME_RSERTYPDENIED", RouteFault, "the service type is denied"),
        0x104 => new("ESME_RINVDCS", Permanent, "the data coding is not allowed"),
        >= 0x400 and <= 0x4FF => new("", Vendor, "the carrier's own error code"),
        _ => new("", Vendor, "an error code that the standard does not define"),
    };
}
