using Strowger.Server.ConsolePage;

namespace Strowger.Server.Tests.ConsolePage;

public sealed class WordsTests
{
    [Theory]
    [InlineData(0.0002, "under 1 ms")]
    [InlineData(0.64, "640 ms")]
    [InlineData(5, "5 s")]
    [InlineData(4.21, "4.2 s")]
    [InlineData(119, "119 s")]
    [InlineData(320, "5 min 20 s")]
    [InlineData(600, "10 min")]
    [InlineData(19_980, "5 h 33 min")]
    [InlineData(86_400, "24 h")]
    [InlineData(864_000, "10 days")]
    public void Durations(double seconds, string words) => Assert.Equal(words, Words.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(4975.2, "4,975")]
    [InlineData(24.56, "24.6")]
    [InlineData(0.3, "0.3")]
    [InlineData(0, "0")]
    public void Rates(double value, string words) => Assert.Equal(words, Words.Rate(value));

    [Theory]
    [InlineData(0, "0 %")]
    [InlineData(0.005, "0.5 %")]
    [InlineData(0.62, "62 %")]
    [InlineData(0.995, "99.5 %")]
    [InlineData(1, "100 %")]
    public void Shares(double share, string words) => Assert.Equal(words, Words.Percent(share));

    [Fact]
    public void Lists_of_names_stay_short()
    {
        Assert.Equal("a", Words.List(["a"]));
        Assert.Equal("a, b and c", Words.List(["a", "b", "c"]));
        Assert.Equal("a, b, c and 3 more", Words.List(["a", "b", "c", "d", "e", "f"]));
    }

    [Theory]
    [InlineData("127.0.0.1:2775: connection refused (nothing listens there)", "connection refused")]
    [InlineData("writing failed: the peer cut the connection", "the peer cut the connection")]
    public void Reasons_fit_into_brackets(string reason, string words) => Assert.Equal(words, Words.Brief(reason));
}
