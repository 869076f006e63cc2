# gnuplot -e 'figures = "FILE"; picture = "FILE.svg"' storm.gnuplot
set terminal svg size 760,560 font "sans-serif,13" background rgb "#ffffff"
set output picture
set multiplot layout 2,1
set border 3 lc rgb "#444444"
set tics nomirror out
set grid y lc rgb "#dddddd" dt 1
set xrange [40:200]
set lmargin 10
set object 1 rectangle from 60, graph 0 to 120, graph 1 fillcolor rgb "#eeeeee" fillstyle solid noborder behind
set ylabel "attempts, 1,000 a second"
set yrange [0:160]
set label 1 "the server is away" at 90, graph 0.93 center tc rgb "#666666"
set key at 198, graph 0.95 right samplen 2
plot figures using "second":(column("naive_attempts") / 1000) with lines lw 2 lc rgb "#c0392b" \
        title "again after 1 s, for ever", \
     figures using "second":(column("attempts") / 1000) with lines lw 2 lc rgb "#1f5fa8" title "Invonce"
unset label 1
set ylabel "created, 1,000 a second"
set xlabel "seconds"
set yrange [0:12]
set label 2 "what the server can do" at 198, 10.7 right tc rgb "#666666"
plot 10 with lines lw 1 dt 3 lc rgb "#444444" notitle, \
     figures using "second":(column("naive_created") / 1000) with lines lw 2 lc rgb "#c0392b" notitle, \
     figures using "second":(column("created") / 1000) with lines lw 2 lc rgb "#1f5fa8" notitle
