# Completion of llmsim in fish. Load it with: llmsim completion fish | source

function __llmsim_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l flag
    set -l value "$word"
    if string match -q -- '--*=*' "$word" # --flag=value is looked up as --flag value.
        set flag (string replace -r -- '=.*' '=' "$word")
        set value (string replace -r -- '^[^=]*=' '' "$word")
    end

    set -l line (string join ' ' -- $words[2..] (string trim -r -c '=' -- $flag) "$value")
    set -l found ($words[1] "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)
    string match -q -- '-*' "$value"; or set found (string match -v -- '-*' $found)
    if set -q found[1]
        string replace -r -- '^' "$flag" $found
    else
        __fish_complete_path "$word"
    end
end

complete -c llmsim -f -a '(__llmsim_complete)'
