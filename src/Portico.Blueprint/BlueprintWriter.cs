using Portico.Blueprint.Model;
using Portico.Blueprint.Writing;

namespace Portico.Blueprint;

/// <summary>Writes a render.yaml in canonical spelling; reading it back gives an equal model.</summary>
public static class BlueprintWriter
{
    public static string Write(BlueprintFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var yaml = new YamlText();
        new FileWriter(yaml).Write(file);
        var text = yaml.ToString();
        return text.Length == 0 ? "{}\n" : text;
    }
}
