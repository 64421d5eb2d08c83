namespace Portico.ControlPlane.Api.Requests;

/// <summary>
/// A filter on values that often contain commas, such as <c>Cache-Control: public, max-age=60</c>. Clients also join several
/// values with commas and escape both kinds alike, so the existing values decide what was meant.
/// </summary>
/// <param name="asked">The filters as sent; empty for no filter.</param>
/// <param name="present">All existing values.</param>
internal sealed class CommaFilter(IReadOnlyList<string> asked, IEnumerable<string> present)
{
    private readonly HashSet<string> _present = [.. present];

    public bool Admits(string value) => asked.Count == 0 || asked.Any(text => Means(text, value));

    /// <summary>Whether a filter matches a value. A text that equals an existing value means that value; any other text is a list.</summary>
    private bool Means(string text, string value) =>
        _present.Contains(text) ? text == value : $",{text},".Contains($",{value},", StringComparison.Ordinal);
}
