namespace Strowger.Server.ConsolePage;

/// <summary>
/// What a page's numbers are now. <c>Values</c> go into the elements whose <c>data-live</c> names them, as text; a key that ends in
/// <c>:width</c> goes into that attribute. When the shape changes (a row came or went, a state turned) the page asks for its parts
/// marked <c>data-refresh</c> again.
/// </summary>
/// <param name="Name">As the page names it in <c>Topic</c>.</param>
/// <param name="Values">Made once for all tabs of a language.</param>
/// <param name="Shape">The same text as long as the page need not be asked for again.</param>
internal sealed record LiveTopic(string Name, Func<LiveFrame, Language, IReadOnlyDictionary<string, string>> Values, Func<LiveFrame, string> Shape);
