namespace Portico.ControlPlane.Api.Render;

/// <summary>
/// A filter on values in which commas are usual, such as <c>Cache-Control: public, max-age=60</c>. Clients also join
/// several values by commas, and the common ones escape both kinds alike: so what is there decides what was meant.
/// </summary>
/// <param name="asked">As sent; none for no filter.</param>
/// <param name="present">All values that there are.</param>
internal sealed class CommaFilter(IReadOnlyList<string> asked, IEnumerable<string> present)
{
    private readonly HashSet<string> _present = [.. present];

    public bool Admits(string value) => asked.Count == 0 || asked.Any(text => Means(text, value));

    /// <summary>A text that is itself one of the values means that one; any other is a list of them.</summary>
    private bool Means(string text, string value) =>
        _present.Contains(text) ? text == value : $",{text},".Contains($",{value},", StringComparison.Ordinal);
}
