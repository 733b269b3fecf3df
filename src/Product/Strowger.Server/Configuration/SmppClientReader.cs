using System.Text;
using Strowger.Features.Access;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.SmppDoor;
using Strowger.Smpp;

namespace Strowger.Server.Configuration;

/// <summary>Checks one client of the SMPP door.</summary>
internal static class SmppClientReader
{
    private const int MaxChannelName = 64;
    private const int MaxPassword = SmppLimits.LenientCredentialBytes - 1;

    /// <summary>Digits of an international number at most, or of the short codes that carriers hand out.</summary>
    private const int MaxPrefix = Msisdn.MaxDigits;

    private static readonly (string, MessagePriority?)[] _priorities = [("urgent", MessagePriority.Urgent), ("normal", MessagePriority.Normal), ("bulk", MessagePriority.Bulk)];

    /// <summary>With a password in one of three ways.</summary>
    public static SmppClientConfiguration OfFile(SectionReader reader, string directory)
    {
        var client = Settings(reader) with
        {
            Password = reader.Text("Password", null, MaxPassword),
            PasswordFile = ConfigurationLoader.ExistingFile(reader, "PasswordFile", directory),
            PasswordHash = Hash(reader),
        };
        CheckFilePassword(reader, client);
        reader.Finish();
        return client;
    }

    /// <summary>As somebody wants it, or as it is kept.</summary>
    /// <param name="reader">Of the client's object.</param>
    /// <param name="isKept">A password may be there as its hash, or be in the configuration file.</param>
    public static SmppClientConfiguration OfSettings(SectionReader reader, bool isKept)
    {
        var client = Settings(reader) with { Password = reader.Text("Password", null, MaxPassword), PasswordHash = isKept ? Hash(reader) : null };
        if (client.Password is { } password)
        {
            CheckLength(reader, password);
        }
        else if (!isKept)
        {
            reader.Add("Password", null, "it is missing: what the client binds with");
        }

        reader.Finish();
        return client;
    }

    private static SmppClientConfiguration Settings(SectionReader reader) => new()
    {
        SystemId = SystemId(reader),
        Binds = reader.Integer("Binds", 1, DoorLimits.MaxBinds, "binds", 4),
        Rate = reader.Number("Rate", 0.001, 10_000_000, "parts a second"),
        Window = reader.Integer("Window", 1, DoorLimits.MaxWindow, "parts", DoorLimits.MaxWindow),
        Allow = NotificationReader.Networks(reader),
        Channel = reader.Text("Channel", null, MaxChannelName),
        Priority = reader.Choice("Priority", _priorities, MessagePriority.Normal),
        Numbers = Numbers(reader),
    };

    private static string? Hash(SectionReader reader)
    {
        var hash = reader.Text("PasswordHash", null, 256);
        if (hash is not null && !ProgramSecrets.IsHash(hash))
        {
            reader.Add("PasswordHash", "(hidden)", "it is not one that 'strowger export settings' writes");
        }

        return hash;
    }

    private static string SystemId(SectionReader reader)
    {
        var name = reader.Required("SystemId", "the name that the client binds with", SmppLimits.SystemIdBytes - 1);
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            reader.Add("SystemId", $"\"{name}\"", "allowed are a-z, A-Z, 0-9, '-', '_' and '.'");
        }

        return name;
    }

    private static List<string> Numbers(SectionReader reader)
    {
        var numbers = new List<string>();
        foreach (var text in reader.Texts("Numbers"))
        {
            if (text.Length is 0 or > MaxPrefix || !text.All(char.IsAsciiDigit))
            {
                reader.Add("Numbers", $"\"{text}\"", $"allowed are the leading digits of your numbers, 1 to {MaxPrefix}, such as \"4670123\" or \"72001\"");
                continue;
            }

            numbers.Add(text);
        }

        if (numbers.Count > DoorLimits.MaxNumbers)
        {
            reader.Add("Numbers", $"{numbers.Count} entries", $"at most {DoorLimits.MaxNumbers} are allowed");
        }

        return numbers;
    }

    private static void CheckFilePassword(SectionReader reader, SmppClientConfiguration client)
    {
        (string Key, string? Value)[] ways = [("Password", client.Password), ("PasswordFile", client.PasswordFile), ("PasswordHash", client.PasswordHash)];
        var given = ways.Where(way => way.Value is not null).Select(way => way.Key).ToArray();
        if (given.Length > 1)
        {
            reader.Add(given[1], null, $"it stands beside {given[0]}; only one of them may be there");
            return;
        }

        if (client.PasswordHash is not null)
        {
            return;
        }

        try
        {
            CheckLength(reader, client.ReadPassword());
        }
        catch (FileNotFoundException)
        {
            // Said already.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            reader.Add("PasswordFile", $"\"{client.PasswordFile}\"", $"it cannot be read: {error.Message.TrimEnd('.')}. It has to be readable for {Environment.UserName}");
        }
    }

    private static void CheckLength(SectionReader reader, string password)
    {
        if (Encoding.UTF8.GetByteCount(password) is 0 or > MaxPassword)
        {
            reader.Add("Password", null, $"it is missing or too long: 1 to {MaxPassword} octets here or in the first line of PasswordFile; many clients send no more than {SmppLimits.PasswordBytes - 1}");
        }
    }
}
