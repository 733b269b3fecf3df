using System.Text;
using Strowger.Features.Messaging;
using Strowger.Server.Erasure;

namespace Strowger.Server.Tests.Erasure;

public sealed class NumberFormsTests
{
    private readonly NumberForms _swedish = Of("46701234567");

    [Theory]
    [InlineData("46701234567")]
    [InlineData("+46701234567")]
    [InlineData("0046701234567")]
    [InlineData("01146701234567")]
    [InlineData("0701234567")]
    [InlineData("701234567")]
    [InlineData("+46 (0)70-123 45 67")]
    [InlineData("+46\u00a070\u2011123\u200945\u200967")]
    [InlineData("\u202a+46701234567\u202c")]
    [InlineData("(070) 123.45.67")]
    public void A_number_is_known_however_it_is_written(string written) => Assert.True(_swedish.IsNumber(written));

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("4670123456")]
    [InlineData("467012345678")]
    [InlineData("+701234567")]
    [InlineData("+47701234567")]
    [InlineData("1234567")]
    [InlineData("a46701234567")]
    [InlineData("46701234567x")]
    [InlineData("0146701234567")]
    public void Another_number_is_not_taken_for_it(string written) => Assert.False(_swedish.IsNumber(written));

    [Theory]
    [InlineData("12025550100", "2025550100")]
    [InlineData("12025550100", "+1 (202) 555-0100")]
    [InlineData("79161234567", "8 (916) 123-45-67")]
    [InlineData("36201234567", "06 20 123 4567")]
    [InlineData("358401234567", "040 1234567")]
    public void Each_country_has_its_own_way(string number, string written) => Assert.True(Of(number).IsNumber(written));

    [Theory]
    [InlineData("0701234567", true)]
    [InlineData("701234567", true)]
    [InlineData("+46701234567", false)]
    [InlineData("0046701234567", false)]
    [InlineData("0709999999", false)]
    public void Only_what_lacks_the_country_code_is_national(string written, bool isNational) => Assert.Equal(isNational, _swedish.IsNational(written));

    [Theory]
    [InlineData("x=46701234567&y", "x=00000000000&y")]
    [InlineData("to=%2B46701234567", "to=%2B00000000000")]
    [InlineData("to=%2046701234567", "to=%2000000000000")]
    [InlineData("0701234567;0701234567", "0000000000;0000000000")]
    [InlineData("146701234567 467012345671 10701234567 701234567", null)]
    public void Zeros_take_its_place_where_no_further_digit_stands_beside_it(string text, string? zeroed)
    {
        var octets = Encoding.ASCII.GetBytes(text);

        Assert.Equal(zeroed is not null, _swedish.TryZero(octets));
        Assert.Equal(zeroed ?? text, Encoding.ASCII.GetString(octets));
    }

    private static NumberForms Of(string number) => new(Msisdn.TryParse(number, out var parsed, out _) ? parsed : default);
}
