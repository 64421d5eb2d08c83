using Portico.Core.Detection.Files;
using Portico.Core.Services;

namespace Portico.Core.Detection.Others;

/// <summary>Pages that are published as they are.</summary>
internal static class PlainSite
{
    private static readonly string[] Places = ["", "public", "site", "www", "html"];

    public static ServiceProposal? Detect(ProjectDirectory directory)
    {
        var place = Array.Find(Places, name => (name.Length == 0 ? directory : directory.Find(name))?.Has("index.html") == true);
        return place is null ? null : new ServiceProposal
        {
            Framework = "HTML",
            Type = ServiceType.StaticSite,
            Runtime = new Guess("static", "there is an index.html, and nothing that has to be built"),
            PublishPath = new Guess(place.Length == 0 ? "." : place, "the index.html is there"),
        };
    }
}
