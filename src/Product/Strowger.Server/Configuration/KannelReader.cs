using System.Text;
using Strowger.Features.Access;

namespace Strowger.Server.Configuration;

/// <summary>Checks the section <c>Kannel</c>.</summary>
internal static class KannelReader
{
    /// <summary>Programs, not people.</summary>
    private const int MaxUsers = 1000;

    private const int MaxName = 64;

    public static KannelConfiguration Read(SectionReader reader, string directory)
    {
        var section = reader.Section("SendSms");
        var users = section.Items("Users");
        var read = new List<KannelUser>();
        for (var i = 0; i < users.Count; i++)
        {
            var user = new SectionReader(users[i], $"Kannel:SendSms:Users:{i}", reader.Problems);
            if (users[i].Kind == NodeKind.Section)
            {
                read.Add(User(user, directory));
            }
        }

        if (users.Count > MaxUsers)
        {
            section.Add("Users", $"{users.Count} entries", $"at most {MaxUsers} are allowed");
        }

        foreach (var twice in read.GroupBy(user => user.Username).Where(group => group.Key.Length > 0 && group.Count() > 1))
        {
            section.Add("Users", $"\"{twice.Key}\" {twice.Count()} times", "each has a Username of its own");
        }

        section.Finish();
        reader.Finish();
        return new KannelConfiguration { Users = read };
    }

    private static KannelUser User(SectionReader reader, string directory)
    {
        var user = new KannelUser
        {
            Username = reader.Required("Username", "the name that programs give", MaxName),
            Password = reader.Text("Password", null, AccessLimits.MaxSecretLength),
            PasswordFile = ConfigurationLoader.ExistingFile(reader, "PasswordFile", directory),
            DefaultSender = Sender(reader, "DefaultSender"),
            ForcedSender = Sender(reader, "ForcedSender"),
            DefaultChannel = reader.Text("DefaultChannel", null, MaxName),
            ForcedChannel = reader.Text("ForcedChannel", null, MaxName),
            Allow = NotificationReader.Networks(reader),
        };
        CheckPassword(reader, user);
        reader.Finish();
        return user;
    }

    private static void CheckPassword(SectionReader reader, KannelUser user)
    {
        if (user is { Password: not null, PasswordFile: not null })
        {
            reader.Add("PasswordFile", $"\"{user.PasswordFile}\"", "it stands beside Password; only one of the two may be there");
            return;
        }

        try
        {
            if (user.ReadPassword() is var password && password.Length is 0 or > AccessLimits.MaxSecretLength)
            {
                reader.Add("Password", null, $"it is missing or too long: 1 to {AccessLimits.MaxSecretLength} characters here or in the first line of PasswordFile");
            }
        }
        catch (FileNotFoundException)
        {
            // Said already.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            reader.Add("PasswordFile", $"\"{user.PasswordFile}\"", $"it cannot be read: {error.Message.TrimEnd('.')}. It has to be readable for {Environment.UserName}");
        }
    }

    private static string? Sender(SectionReader reader, string key)
    {
        var text = reader.Text(key, null, MaxName);
        if (text is not null && !Features.Messaging.Sender.TryParse(Encoding.UTF8.GetBytes(text), out _, out var wrong))
        {
            reader.Add(key, $"\"{text}\"", wrong!);
        }

        return text;
    }
}
